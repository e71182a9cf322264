/*
 * A child process: a Messages API that is up to no good. It tells its port to the parent. What it does
 * follows from the seed in its arguments and from the order of the requests.
 */
import { createServer } from 'node:http';
import { pick, randomFrom } from './random.mjs';
import { STORY } from './story.mjs';

const random = randomFrom(Number(process.argv[2]));

const FAULTS = [
  [30, 'none'],
  [8, 'drip'],
  [8, 'cut'],
  [8, 'reset'],
  [4, 'stall'],
  [4, 'pings only'],
  [6, 'error event'],
  [4, 'garbage'],
  [4, 'broken JSON'],
  [3, 'no headers'],
  [3, 'headers only'],
  [2, 'reset before headers'],
  [4, 429],
  [4, 500],
  [4, 529],
  [2, 400],
];

const TYPES = {
  400: 'invalid_request_error',
  429: 'rate_limit_error',
  500: 'api_error',
  529: 'overloaded_error',
};
const ERROR_EVENTS = ['overloaded_error', 'api_error', 'rate_limit_error', 'invalid_request_error'];

const server = createServer((request, response) => {
  response.on('error', () => {}); // Clients that leave are a part of it.
  let body = '';
  request.setEncoding('utf8');
  request.on('data', (text) => {
    body += text;
  });
  request.on('error', () => {});
  request.on('end', () => answer(JSON.parse(body), response));
});

server.listen({ port: 0, host: '127.0.0.1', backlog: 4096 }, () => {
  process.send({ port: server.address().port });
});
process.on('disconnect', () => process.exit());

function answer({ messages }, response) {
  const fault = pick(FAULTS, random);
  if (typeof fault === 'number') return refuse(fault, response);
  const isPrefill = messages.at(-1).role === 'assistant';
  if (isPrefill && random() < 0.5) return refuse(400, response);
  const stream = Buffer.from(sse(eventsAfter(said(messages), isPrefill)));
  play[fault](stream, response);
}

function refuse(status, response) {
  response.writeHead(status, { 'content-type': 'application/json', 'retry-after-ms': '5' });
  response.end(
    JSON.stringify({ type: 'error', error: { type: TYPES[status], message: 'no luck' } }),
  );
}

/** What the model has said of the story, by the request. */
function said(messages) {
  const turn = messages.findLast(({ role }) => role === 'assistant');
  return turn === undefined ? '' : turn.content.map(({ text }) => text).join('');
}

function eventsAfter(before, isPrefill) {
  if (!STORY.startsWith(before)) throw new Error(`this is not the story: ${before}`);
  const overlap = isPrefill || before.length < 20 || random() < 0.5 ? 0 : 20;
  const pieces = STORY.slice(before.length - overlap).match(/.{1,12}/gsu) ?? [];
  return [
    {
      type: 'message_start',
      message: {
        id: 'msg_1',
        type: 'message',
        role: 'assistant',
        model: 'm',
        content: [],
        stop_reason: null,
        stop_sequence: null,
        usage: { input_tokens: 1, output_tokens: 1 },
      },
    },
    { type: 'content_block_start', index: 0, content_block: { type: 'text', text: '' } },
    { type: 'ping' },
    ...pieces.map((text) => ({
      type: 'content_block_delta',
      index: 0,
      delta: { type: 'text_delta', text },
    })),
    { type: 'content_block_stop', index: 0 },
    {
      type: 'message_delta',
      delta: { stop_reason: 'end_turn', stop_sequence: null },
      usage: { output_tokens: 9 },
    },
    { type: 'message_stop' },
  ];
}

function sse(events) {
  return events.map((event) => `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`).join('');
}

function head(response) {
  response
    .writeHead(200, { 'content-type': 'text/event-stream', 'request-id': 'req_soak' })
    .flushHeaders();
}

/** Sends a part of the stream of random length, then goes on. */
function part(stream, response, then) {
  head(response);
  response.write(stream.subarray(0, Math.floor(random() * stream.length)), () => then());
}

const PING = 'event: ping\ndata: {"type":"ping"}\n\n';

const play = {
  none: (stream, response) => {
    head(response);
    response.end(stream);
  },
  drip: (stream, response) => {
    head(response);
    const size = 60 + Math.floor(random() * 600);
    let at = 0;
    const timer = setInterval(() => {
      response.write(stream.subarray(at, at + size));
      at += size;
      if (at < stream.length) return;
      clearInterval(timer);
      response.end();
    }, 5);
    response.on('close', () => clearInterval(timer));
  },
  cut: (stream, response) => part(stream, response, () => response.end()),
  reset: (stream, response) => part(stream, response, () => response.socket?.resetAndDestroy()),
  stall: (stream, response) => part(stream, response, () => {}),
  'pings only': (stream, response) =>
    part(stream, response, () => {
      const timer = setInterval(() => response.write(PING), 50);
      response.on('close', () => clearInterval(timer));
    }),
  'error event': (stream, response) => {
    const events = stream.toString().split(/(?<=\n\n)/);
    const type = pick(
      ERROR_EVENTS.map((name) => [1, name]),
      random,
    );
    head(response);
    response.write(events.slice(0, Math.floor(random() * events.length)).join(''));
    response.end(sse([{ type: 'error', error: { type, message: 'no luck' } }]));
  },
  garbage: (stream, response) =>
    part(stream, response, () => {
      response.end(Buffer.from(Array.from({ length: 200 }, () => Math.floor(random() * 256))));
    }),
  'broken JSON': (stream, response) => {
    // In a brace: a flip inside a word makes another word, which goes unnoticed.
    const at = stream.indexOf('data: {', Math.floor(random() * stream.length));
    if (at !== -1) stream[at + 'data: '.length] ^= 4;
    head(response);
    response.end(stream);
  },
  'no headers': () => {},
  'headers only': (_, response) => head(response),
  'reset before headers': (_, response) => response.socket?.resetAndDestroy(),
};
