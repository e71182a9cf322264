/* An API for the official tests of resources: any path has an answer of the kind that its resource gives. */
import { once } from 'node:events';
import { createServer } from 'node:http';

const MESSAGE = {
  id: 'msg_1',
  type: 'message',
  role: 'assistant',
  model: 'claude-opus-4-8',
  content: [{ type: 'text', text: 'Hello' }],
  stop_reason: 'end_turn',
  stop_sequence: null,
  usage: { input_tokens: 1, output_tokens: 1 },
};

const ANSWERS = [
  [/^POST \/v1\/messages$/, MESSAGE],
  [/^POST \/v1\/messages\/count_tokens$/, { input_tokens: 1 }],
  [/^GET \/v1\/(files|models|skills|messages\/batches|skills\/[^/]+\/versions)$/, page()],
  [/^\w+ \/v1\//, { id: 'id_1', type: 'any' }],
];

/** @returns its address, and how it is closed. */
export async function startMockAPI() {
  const server = createServer((request, response) => {
    request.resume();
    request.once('end', () => {
      const what = `${request.method} ${request.url.split('?')[0]}`;
      const answer = ANSWERS.find(([path]) => path.test(what))?.[1];
      response.writeHead(answer === undefined ? 404 : 200, { 'content-type': 'application/json' });
      response.end(JSON.stringify(answer ?? { type: 'error', error: { type: 'not_found_error' } }));
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { url: `http://127.0.0.1:${server.address().port}`, close: () => server.close() };
}

function page() {
  return { data: [], has_more: false, first_id: null, last_id: null };
}
