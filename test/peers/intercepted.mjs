/*
 * node intercepted.mjs MODULES TOOL SCHEME WHEN: sends requests that a tool is to see, installed before or after the
 * package is imported, and prints what came of them, and how many reached the server. MODULES is the file that
 * loads the tools, as `modules.mjs` does.
 */
import { createRequire } from 'node:module';
import { createEmulator, reply, serve } from '../../dist/testing.js';

const [modules, tool, scheme, when] = process.argv.slice(2);
const { MODULES } = await import(modules);

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
    const { http, HttpResponse, setupServer } = await MODULES.msw();
    let seen = 0;
    const handler = http.post(`${url}/v1/messages`, () => {
      seen++;
      return HttpResponse.json(MESSAGE);
    });
    setupServer(handler).listen({ onUnhandledRequest: 'error' });
    return () => seen;
  },
  async nock(url) {
    const nock = await MODULES.nock();
    nock.disableNetConnect();
    const scope = nock(url).post('/v1/messages').twice().reply(200, MESSAGE);
    return () => 2 - scope.pendingMocks().length;
  },
  async opentelemetry() {
    const exporter = await MODULES.opentelemetry();
    // It patches a module when it is required.
    for (const name of ['node:http', 'node:https']) createRequire(import.meta.url)(name);
    const CLIENT = 2;
    return () => exporter.getFinishedSpans().filter(({ kind }) => kind === CLIENT).length;
  },
};

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
