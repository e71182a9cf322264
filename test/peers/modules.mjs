/** The tools as this folder installs them: the newest that run on Node 20. */
export const MODULES = {
  /** `http`, `HttpResponse` and `setupServer`. */
  msw: async () => ({ ...(await import('msw')), ...(await import('msw/node')) }),
  nock: async () => (await import('nock')).default,
  /** Instruments HTTP. @returns where the spans go. */
  opentelemetry: async () => {
    const { InMemorySpanExporter, NodeTracerProvider, SimpleSpanProcessor } = await import(
      '@opentelemetry/sdk-trace-node'
    );
    const { registerInstrumentations } = await import('@opentelemetry/instrumentation');
    const { HttpInstrumentation } = await import('@opentelemetry/instrumentation-http');
    const exporter = new InMemorySpanExporter();
    const tracerProvider = new NodeTracerProvider({
      spanProcessors: [new SimpleSpanProcessor(exporter)],
    });
    registerInstrumentations({ instrumentations: [new HttpInstrumentation()], tracerProvider });
    return exporter;
  },
};
