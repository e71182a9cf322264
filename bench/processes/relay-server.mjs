/*
 * A server that sends one stream after the other, each to all of its clients, in a process of its own. Arguments: what
 * sends it, how many texts, and how many ms apart. It tells its port. It is told twice for each stream: to open it for
 * clients, and to send it; then it tells the CPU time of sending, in ms.
 */
import { once } from 'node:events';
import { createServer } from 'node:http';
import { Anthropic } from '../../dist/index.js';
import { createRelay, writeResponse } from '../../dist/relay.js';
import { cpuTime } from '../harness/cpu-time.mjs';
import { fetchOf, PARAMS, sse, tokens } from '../harness/relay-source.mjs';

const [kind, texts, gap] = [process.argv[2], ...process.argv.slice(3).map(Number)];

/** Each opens streams: what answers their clients, and what resolves when they are sent. */
const KINDS = {
  /** What there is to do at least: one write of one Buffer for each event and client. */
  bare: () => async (source) => {
    const responses = [];
    const send = async () => {
      // As many bytes as with an id.
      const id = Buffer.from('id: k3f9x2.00001-0000000001\n');
      for await (const bytes of sse(source)) {
        const buffer = Buffer.concat([id, bytes]);
        for (const response of responses) response.write(buffer);
      }
      for (const response of responses) response.end();
    };
    const sent = send();
    return {
      answer: (_, response) => {
        response.writeHead(200, { 'content-type': 'text/event-stream' }).flushHeaders();
        responses.push(response);
      },
      sent,
    };
  },
  /** Each event is an entry of the log, and a write, as it is of the other. */
  'event by event': () => relayed({ ms: 1, bytes: 1 }),
  batched: () => relayed(undefined),
};

function relayed(batch) {
  let source;
  const client = new Anthropic({ apiKey: 'key', fetch: fetchOf(() => source) });
  const relay = createRelay({ client, batch });
  return async (opened) => {
    source = opened;
    const stream = await relay.start(undefined, PARAMS);
    return {
      answer: async (request, response) => {
        const { url, headers } = request;
        const asked = new Request(new URL(url, 'http://host'), { headers });
        await writeResponse(await relay.handle(asked, stream.id), response);
      },
      sent: stream.untilDone(),
    };
  };
}

const open = KINDS[kind]();
let answer;
let clients = new Set();
const server = createServer((request, response) => {
  clients.add(once(response, 'finish'));
  void answer(request, response);
});
server.listen({ port: 0, host: '127.0.0.1', backlog: 4_096 });
await once(server, 'listening');

/** What is told: to open a stream. Then to send it. */
async function serveOne() {
  let begin;
  const begun = once(process, 'message').then(() => begin());
  const mayBegin = new Promise((resolve) => {
    begin = resolve;
  });
  async function* source() {
    await mayBegin;
    yield* tokens(texts, gap);
  }
  const opened = await open(source());
  answer = opened.answer;
  process.send({ isOpen: true });
  await begun;
  const { cost } = await cpuTime(async () => {
    await opened.sent;
    await Promise.all(clients);
  });
  clients = new Set();
  process.send({ cost });
}

process.on('disconnect', () => process.exit());
process.send({ port: server.address().port });
for (;;) {
  await once(process, 'message');
  await serveOne();
}
