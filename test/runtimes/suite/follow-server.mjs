import { once } from 'node:events';
import { createServer } from 'node:http';
import { Anthropic, tool } from 'millrace';
import { createRelay, writeResponse } from 'millrace/relay';
import { createEmulator, fault, reply } from 'millrace/testing';
import { FOLLOWED, TEXT } from './follow.mjs';

const PARAMS = {
  model: 'claude-opus-4-8',
  max_tokens: 1024,
  messages: [{ role: 'user', content: 'Hi' }],
};
const CALL = reply.sequence(
  reply.text('Let me look at that first.'),
  reply.toolUse('get_weather', { city: 'Oslo' }),
);
const WEATHER = tool({
  name: 'get_weather',
  input: { type: 'object', properties: { city: { type: 'string' } } },
  run: ({ city }) => `18 °C in ${city}`,
});
const HEADERS = { 'access-control-allow-origin': '*', 'access-control-allow-headers': '*' };

/** A relay with a stream for each case of follow.mjs: number n is followed at `/n`, and `/n/QUESTION` asks about it. */
export async function startRelay() {
  const relay = createRelay();
  const connections = FOLLOWED.map(() => 0);
  const left = FOLLOWED.map(withResolvers);
  await Promise.all(FOLLOWED.map((test, n) => start(relay, String(n), test)));
  const answers = {
    stop: async (n) => String(await relay.stop(n, 'enough')),
    left: (n) => left[n].promise.then(() => 'yes'),
    state: async (n) => (await relay.status(n)).state,
  };
  const server = createServer(async (request, response) => {
    const [, n, question] = request.url.split('/');
    for (const [name, value] of Object.entries(HEADERS)) response.setHeader(name, value);
    if (request.method === 'OPTIONS') return response.end();
    if (question !== undefined) return response.end(await answers[question](n));
    const test = FOLLOWED[n];
    const count = connections[n]++;
    if (count < (test.refused ?? 0)) return response.writeHead(503).end();
    response.on('close', left[n].resolve);
    const { headers } = request;
    const sent = headers['last-event-id'] && { 'last-event-id': headers['last-event-id'] };
    const followed = await relay.handle(new Request('http://relay/', { headers: sent }), n);
    await writeResponse(followed, cutting(response, test.cuts?.[count], test.isGentle));
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return {
    url: `http://127.0.0.1:${server.address().port}`,
    stop: async () => {
      for (const n of FOLLOWED.keys()) await relay.stop(String(n));
      server.close();
      server.closeAllConnections();
    },
  };
}

async function start(relay, id, { fails, isSilent, isMissing, isRun }) {
  if (isMissing) return;
  const { fetch } = createEmulator({
    replies: isRun ? [CALL, reply.text(TEXT)] : () => reply.text(TEXT),
    pace: { tokensPerSecond: 200 },
    faults: [
      ...(fails ? [fault.error('overloaded_error', { event: 12 })] : []),
      ...(isSilent ? [fault.stall({ event: 6 })] : []),
    ],
  });
  const client = new Anthropic({ apiKey: 'key', fetch, maxRetries: 0 });
  const runner = () => client.messages.toolRunner({ ...PARAMS, tools: [WEATHER] });
  const stream = isRun
    ? await relay.startRun(id, runner())
    : await relay.start(id, PARAMS, { client });
  // Whole before it is followed: what a connection takes is then always the same.
  if (!isSilent) await stream.untilDone().catch(() => {});
}

/** A response that breaks after some bytes, or ends there. */
function cutting(response, cut, isGentle) {
  if (cut === undefined) return response;
  let left = cut;
  return Object.assign(Object.create(response), {
    setHeader: (...args) => response.setHeader(...args),
    flushHeaders: () => response.flushHeaders(),
    on: (...args) => response.on(...args),
    end: () => {},
    write: (bytes) => {
      const part = bytes.subarray(0, left);
      left -= part.length;
      const end = () => (isGentle ? response.end() : response.destroy());
      if (left > 0) return response.write(part);
      response.write(part, end);
      return false;
    },
  });
}

function withResolvers() {
  let resolve;
  const promise = new Promise((it) => {
    resolve = it;
  });
  return { promise, resolve };
}
