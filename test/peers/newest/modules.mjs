/** The tools as this folder installs them, as in `../modules.mjs`. */
export const MODULES = {
  msw: async () => ({ ...(await import('msw')), ...(await import('msw/node')) }),
  nock: async () => (await import('nock')).default,
  opentelemetry: async () => {
    const { InMemorySpanExporter, SimpleSpanProcessor, TracerProvider } = await import(
      '@opentelemetry/sdk-trace'
    );
    const { registerInstrumentations } = await import('@opentelemetry/instrumentation');
    const { HttpInstrumentation } = await import('@opentelemetry/instrumentation-http');
    const exporter = new InMemorySpanExporter();
    const tracerProvider = new TracerProvider({
      spanProcessors: [new SimpleSpanProcessor({ exporter })],
    });
    registerInstrumentations({ instrumentations: [new HttpInstrumentation()], tracerProvider });
    return exporter;
  },
};
