/* A chat for a page, made of `node:http` only. The key stays here: the page gets streams. */
import { readFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname } from 'node:path';
import { json } from 'node:stream/consumers';
import { Anthropic, type MessageParam } from 'millrace';

const client = new Anthropic(); // reads ANTHROPIC_API_KEY

async function chat(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { messages } = (await json(request)) as { messages: MessageParam[] };
  const stream = client.messages.stream({ model: 'claude-opus-4-8', max_tokens: 1024, messages });
  // A client that leaves, by a stop button or a reload, ends the request to the API too.
  await stream.pipeTo(response);
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
  try {
    if (request.method === 'POST' && pathname === '/chat') await chat(request, response);
    else await file(pathname, response);
  } catch (error) {
    const isMissing = (error as NodeJS.ErrnoException).code === 'ENOENT';
    response.writeHead(isMissing ? 404 : 400).end();
  }
});

server.listen(Number(process.env.PORT ?? 3000), '127.0.0.1', () => {
  console.log(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
});
