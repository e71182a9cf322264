// How much memory a stream holds whose deltas have arrived: node --expose-gc retained.mjs URL KIND DELTAS REQUEST_BYTES
import { Anthropic } from '../../dist/index.js';

const [url, kind, count, bytes] = process.argv.slice(2);
const client = new Anthropic({ apiKey: 'key', baseURL: url, maxRetries: 0 });
const PARAMS = { model: kind, max_tokens: 1, messages: [{ role: 'user', content: 'Hi' }] };
/** Different for each stream, as a string is shared. */
const content = () => 'x'.repeat(Number(bytes)) + Math.random();
const STREAMS = 100;

async function open() {
  const stream = client.messages.stream({
    ...PARAMS,
    messages: [{ role: 'user', content: content() }],
  });
  const reader = stream[Symbol.asyncIterator]();
  for (let deltas = 0; deltas < Number(count); ) {
    const { value } = await reader.next();
    if (value.type === 'content_block_delta') deltas++;
  }
  reader.next().catch(() => {});
  return [stream, reader];
}

async function heap() {
  for (let times = 0; times < 4; times++) {
    globalThis.gc();
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  return process.memoryUsage().heapUsed;
}

const held = [await open()];
const before = await heap();
for (let i = 0; i < STREAMS; i++) held.push(await open());
process.stdout.write(`${((await heap()) - before) / STREAMS}`);
process.exit(held.length === STREAMS + 1 ? 0 : 1);
