/*
 * node intercepted.mjs TOOL SCHEME WHEN: sends requests that a tool is to see, installed before or after the
 * package is imported, and prints what came of them, and how many reached the server.
 */
import { createRequire } from 'node:module';
import { createEmulator, reply, serve } from '../../dist/testing.js';

const MESSAGE = {
  id: 'msg_1',
  type: 'message',
  role: 'assistant',
  model: 'm',
  content: [{ type: 'text', text: 'mocked' }],
  stop_reason: 'end_turn',
  stop_sequence: null,
  usage: { input_tokens: 1, output_tokens: 1 },
};

/** Each installs itself, and returns what it has seen at the end. */
const TOOLS = {
  async msw(url) {
    const { http, HttpResponse } = await import('msw');
    const { setupServer } = await import('msw/node');
    let seen = 0;
    const handler = http.post(`${url}/v1/messages`, () => {
      seen++;
      return HttpResponse.json(MESSAGE);
    });
    setupServer(handler).listen({ onUnhandledRequest: 'error' });
    return () => seen;
  },
  async nock(url) {
    const { default: nock } = await import('nock');
    nock.disableNetConnect();
    const scope = nock(url).post('/v1/messages').twice().reply(200, MESSAGE);
    return () => 2 - scope.pendingMocks().length;
  },
  async opentelemetry() {
    const { InMemorySpanExporter, NodeTracerProvider, SimpleSpanProcessor } = await import(
      '@opentelemetry/sdk-trace-node'
    );
    const { registerInstrumentations } = await import('@opentelemetry/instrumentation');
    const { HttpInstrumentation } = await import('@opentelemetry/instrumentation-http');
    const exporter = new InMemorySpanExporter();
    const tracerProvider = new NodeTracerProvider({
      spanProcessors: [new SimpleSpanProcessor(exporter)],
    });
    tracerProvider.register();
    registerInstrumentations({ instrumentations: [new HttpInstrumentation()], tracerProvider });
    // It patches a module when it is required.
    for (const name of ['node:http', 'node:https']) createRequire(import.meta.url)(name);
    const CLIENT = 2;
    return () => exporter.getFinishedSpans().filter(({ kind }) => kind === CLIENT).length;
  },
};

const [tool, scheme, when] = process.argv.slice(2);
const load = () => import('../../dist/index.js');
if (when === 'after') await load();
const emulator = createEmulator({ replies: () => reply.text('served') });
// Over TLS it speaks HTTP/2, which none of the tools sees.
const server = await serve(emulator, { tls: scheme === 'https' });
const baseURL = server.url;
const tls = server.cert && { ca: server.cert };
const seen = await TOOLS[tool](baseURL);
const { Anthropic } = await load();
const client = new Anthropic({ apiKey: 'key', baseURL, maxRetries: 0, tls });
const params = { model: 'm', max_tokens: 10, messages: [{ role: 'user', content: 'Hi' }] };
const texts = [];
for (let n = 0; n < 2; n++) {
  const text = client.messages.stream(params).getFinalText();
  texts.push(await text.catch((error) => error.name));
}
process.stdout.write(JSON.stringify({ texts, seen: seen(), reached: emulator.requests.length }));
process.stdout.end(() => process.exit());
