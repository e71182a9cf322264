/* Answers that survive a reload, a lost connection and, with RELAY_DIR, the end of this process. */
import { readFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname } from 'node:path';
import { text } from 'node:stream/consumers';
import { Anthropic } from 'millrace';
import { createRelay, fileEngine, memoryEngine, writeResponse } from 'millrace/relay';

const { PORT = '3000', RELAY_DIR, LEASE = '10000' } = process.env;
const relay = createRelay({
  client: new Anthropic(), // reads ANTHROPIC_API_KEY
  engine: RELAY_DIR === undefined ? memoryEngine() : fileEngine(RELAY_DIR),
  lease: Number(LEASE),
});

/** Starts an answer, and says where it is. */
async function ask(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const content = await text(request);
  const stream = await relay.start(undefined, {
    model: 'claude-opus-4-8',
    max_tokens: 1024,
    messages: [{ role: 'user', content }],
  });
  response.end(stream.id);
}

/** Follows an answer, or stops it. A real server checks first who asks. */
async function answer(
  { method = 'GET', headers }: IncomingMessage,
  id: string,
  response: ServerResponse,
): Promise<void> {
  const lastEventId = headers['last-event-id'];
  const request = new Request('http://localhost', {
    method,
    headers: lastEventId === undefined ? {} : { 'last-event-id': String(lastEventId) },
  });
  await writeResponse(await relay.handle(request, id), response);
}

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
};
const pages = new URL('./public/', import.meta.url);
const library = new URL('.', import.meta.resolve('millrace'));

/** The files of the page, and under `/millrace/` those of the library. */
async function file(path: string, response: ServerResponse): Promise<void> {
  const [folder, name] = path.startsWith('/millrace/')
    ? [library, path.slice('/millrace/'.length)]
    : [pages, path === '/' ? 'index.html' : path.slice(1)];
  const type = TYPES[extname(name)] ?? 'application/octet-stream';
  const content = await readFile(new URL(name, folder));
  response.writeHead(200, { 'content-type': type }).end(content);
}

const server = createServer(async (request, response) => {
  const { pathname } = new URL(request.url ?? '/', 'http://localhost');
  const id = /^\/answers\/([\w-]+)$/.exec(pathname)?.[1];
  try {
    if (request.method === 'POST' && pathname === '/ask') await ask(request, response);
    else if (id !== undefined) await answer(request, id, response);
    else await file(pathname, response);
  } catch {
    if (!response.headersSent) response.writeHead(404);
    response.end();
  }
});

server.listen(Number(PORT), '127.0.0.1', () => {
  console.log(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
});

process.once('SIGTERM', async () => {
  await relay.drain(); // another process goes on
  process.exit(0);
});
