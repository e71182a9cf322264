/* A chat whose answers survive a reload, for any number of tabs. Without ANTHROPIC_API_KEY the emulator answers. */
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { json } from 'node:stream/consumers';
import { Anthropic } from 'millrace';
import { createRelay, writeResponse } from 'millrace/relay';
import { rolldown } from 'rolldown';
import { createDemoClient } from './demo.mjs';
import { tools } from './tools.mjs';

const client = process.env.ANTHROPIC_API_KEY ? new Anthropic() : createDemoClient();
const relay = createRelay(); // in memory

/**
 * What each chat was asked last, and the run that answers it. The answer is in the log of the relay. Who knows the id
 * of a chat may read it and write to it: a real server checks more, and keeps chats in a database.
 * @type {Map<string, { messages: import('millrace').MessageParam[], runner: import('millrace').ToolRunner, run: string }>}
 */
const chats = new Map();

/** Each responds to a request for one chat. */
const ROUTES = {
  'GET ': async (_, id) => Response.json(chats.get(id)?.messages ?? []),
  'POST ': async (request, id) => {
    const { messages } = await json(request);
    const runner = client.messages.toolRunner(
      // The model, the system prompt and the limits are decided here, not on the page.
      {
        model: 'claude-opus-4-8',
        max_tokens: 4096,
        system: 'You are a helpful assistant. Answer in short Markdown.',
        messages,
        tools,
      },
      { approve: 'ask' },
    );
    const before = chats.get(id);
    if (before !== undefined) await relay.stop(before.run);
    const { id: run } = await relay.startRun(undefined, runner);
    chats.set(id, { messages, runner, run });
    return follow(run);
  },
  'GET /answer': async (request, id) => {
    const chat = chats.get(id);
    const lastEventId = request.headers['last-event-id'];
    return chat === undefined
      ? new Response(null, { status: 204 })
      : follow(chat.run, lastEventId && { 'last-event-id': lastEventId });
  },
  'DELETE /answer': async (_, id) => {
    const chat = chats.get(id);
    const isStopped = chat !== undefined && (await relay.stop(chat.run));
    return new Response(null, { status: isStopped ? 204 : 404 });
  },
  'POST /decisions': async (request, id) => {
    const { id: approval, verdict } = await json(request);
    const isKnown = chats.get(id)?.runner.decide(approval, verdict === true) ?? false;
    return new Response(null, { status: isKnown ? 204 : 404 });
  },
};

/** Everything so far, or after an event, then live; the run goes on when this response is closed. */
function follow(run, headers) {
  return relay.handle(new Request('http://localhost/', { headers }), run);
}

async function bundlePage() {
  const bundle = await rolldown({
    input: new URL('./page/main.tsx', import.meta.url).pathname,
    transform: { jsx: 'react-jsx', define: { 'process.env.NODE_ENV': '"production"' } },
    tsconfig: false,
    checks: { moduleLevelDirective: false },
  });
  const { output } = await bundle.generate({ format: 'esm', minify: true });
  return output.map(({ fileName, code }) => [`/${fileName}`, 'text/javascript', code]);
}

const file = (name) => readFile(new URL(`./page/${name}`, import.meta.url), 'utf8');
const FILES = new Map(
  [
    ['/', 'text/html', await file('index.html')],
    ['/style.css', 'text/css', await file('style.css')],
    ...(await bundlePage()),
  ].map(([path, type, body]) => [
    path,
    () => new Response(body, { headers: { 'content-type': `${type}; charset=utf-8` } }),
  ]),
);

async function respond(request) {
  const { pathname } = new URL(request.url, 'http://localhost');
  const [, id, rest] = /^\/chats\/([\w-]{16,64})(\/\w+)?$/.exec(pathname) ?? [];
  const route = id === undefined ? FILES.get(pathname) : ROUTES[`${request.method} ${rest ?? ''}`];
  try {
    return (await route?.(request, id)) ?? new Response(null, { status: 404 });
  } catch (error) {
    const body = {
      type: 'error',
      error: { type: 'invalid_request_error', message: error.message },
    };
    return Response.json(body, { status: 400 });
  }
}

const server = createServer(async (request, response) => {
  await writeResponse(await respond(request), response);
});
server.listen(Number(process.env.PORT ?? 3000), '127.0.0.1', () => {
  console.log(`http://127.0.0.1:${server.address().port}`);
});
