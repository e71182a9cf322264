// Which streams that have ended are never collected: node --expose-gc let-go.mjs. In a process of its own, since a
// test runner reads the stacks of errors: unread ones refer to the objects that the error went through.
import { Anthropic } from '../../dist/index.js';

const STREAMS = 50;
const PARAMS = { model: 'm', max_tokens: 1, messages: [{ role: 'user', content: 'Hi' }] };
const START =
  'event: message_start\ndata: {"type":"message_start","message":{"id":"m","content":[]}}\n\n';
const REFUSED = '{"type":"error","error":{"type":"invalid_request_error","message":"no"}}';

const ofStream = () => new Response(START, { headers: { 'content-type': 'text/event-stream' } });
const ofError = () => new Response(REFUSED, { status: 400 });
const openRaw = (client, options) => client.messages.create({ ...PARAMS, stream: true }, options);
const drain = async (events) => {
  for await (const _ of events);
};

/** What is sent back, and what is done with it. */
const WAYS = {
  'raw, closed': [ofStream, async (...how) => (await openRaw(...how)).close()],
  'raw, cut': [ofStream, async (...how) => drain(await openRaw(...how))],
  'raw, refused': [ofError, openRaw],
  'stream, closed': [
    ofStream,
    async (client, options) => (await client.messages.stream(PARAMS, options).connect()).close(),
  ],
  'stream, cut': [
    ofStream,
    (client, options) => client.messages.stream(PARAMS, options).untilDone(),
  ],
  'stream, refused': [
    ofError,
    (client, options) => client.messages.stream(PARAMS, options).untilDone(),
  ],
  'create, refused': [ofError, (client, options) => client.messages.create(PARAMS, options)],
};

const turn = () => new Promise((resolve) => setTimeout(resolve, 5));

/** How many responses and signals are still there. */
async function left(respond, use, observe) {
  const refs = [];
  const fetch = async () => {
    const response = respond();
    refs.push(new WeakRef(response));
    return response;
  };
  const client = new Anthropic({ apiKey: 'key', fetch, maxRetries: 0, observe });
  for (let i = 0; i < STREAMS; i++) {
    const { signal } = new AbortController();
    refs.push(new WeakRef(signal));
    await use(client, { signal }).catch(() => {});
  }
  const isThere = (ref) => ref.deref() !== undefined;
  // What was looked at in a turn stays alive in it.
  for (let i = 0; i < 40 && refs.filter(isThere).length > 2; i++) {
    await turn();
    globalThis.gc();
    await turn();
  }
  return refs.filter(isThere).length;
}

const result = {};
for (const [name, [respond, use]] of Object.entries(WAYS)) {
  result[name] = await left(respond, use);
  result[`${name}, observed`] = await left(respond, use, () => {});
}
process.stdout.write(JSON.stringify(result));
