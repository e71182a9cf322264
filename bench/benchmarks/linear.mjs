import assert from 'node:assert/strict';
import { load } from '../harness/candidates.mjs';
import {
  blocksInput,
  CHUNKS,
  DOCUMENTS,
  fetchOf,
  textInput,
  toolInput,
} from '../harness/inputs.mjs';
import { race } from '../harness/race.mjs';
import { exponentRow } from '../harness/rows.mjs';

export const title = 'Growth of the cost over a factor of 64';

export const modes = {
  full: { rounds: 5, scale: 1 },
  smoke: { rounds: 1, scale: 0.25 },
};

const FACTOR = 64;

/**
 * What grows → where it begins, the message of a size, and how it is read. Small sizes are read 64
 * times in a row: both ends then run as long, and as warm.
 */
const GROWTHS = {
  'events: deltas of a message': [1_000, (size) => textInput(size), events],
  'events: a snapshot read after each': [250, (size) => textInput(size), snapshots],
  'bytes: of 8 deltas, each': [16_384, (size) => textInput(8, 'x'.repeat(size)), events],
  'bytes: 1 event, 1 KiB a chunk': [
    65_536,
    (size) => textInput(1, 'x'.repeat(size)),
    inSmallChunks,
  ],
  'bytes: tool input, read after each delta': [
    16_384,
    (size) => toolInput(DOCUMENTS.rows(size)),
    toolReads,
  ],
  'bytes: tool input, a snapshot read after each delta': [
    4_096,
    (size) => toolInput(DOCUMENTS['one string'](size)),
    toolSnapshots,
  ],
  'blocks: of three deltas': [100, (size) => blocksInput(size), events],
  'blocks: a snapshot read after each': [100, (size) => blocksInput(size), snapshotsOfBlocks],
  'readers: of one stream of 2,000 deltas': [1, (size) => ({ ...textInput(2_000), size }), readers],
};

export async function run({ rounds, scale }) {
  const rows = [];
  for (const [what, [start, inputOf, read]] of Object.entries(GROWTHS)) {
    const least = read === readers ? start : Math.ceil(start * scale);
    const [small, large] = [inputOf(least), inputOf(least * FACTOR)];
    const costs = await race(
      {
        small: async () => {
          for (let i = 1; i < FACTOR; i++) await read(small);
          return { input: small, text: await read(small) };
        },
        large: async () => ({ input: large, text: await read(large) }),
      },
      { rounds, warmups: 1, check: ({ input, text }) => assert.equal(text, input.text, what) },
    );
    rows.push(
      exponentRow({
        what: `${what}, ${least.toLocaleString('en')} → ${(least * FACTOR).toLocaleString('en')}`,
        factor: FACTOR,
        small: costs.small / FACTOR,
        large: costs.large,
      }),
    );
  }
  return rows;
}

async function open(input, cut = '64 KiB a chunk') {
  const client = await load('millrace', { fetch: fetchOf(CHUNKS[cut](input)) });
  return client.open();
}

const textOf = (event) => (event.type === 'content_block_delta' ? event.delta.text : '');

async function events(input) {
  let text = '';
  for await (const event of await open(input)) text += textOf(event);
  return text;
}

async function inSmallChunks(input) {
  return (await open(input, '1 KiB a chunk')).getFinalText();
}

async function snapshots(input) {
  const stream = await open(input);
  let last;
  for await (const _ of stream) last = stream.currentMessageSnapshot.content[0]?.text;
  return last;
}

/** A snapshot for each block: it has all blocks, so it is looked at where a user would. */
async function snapshotsOfBlocks(input) {
  const stream = await open(input);
  let text = '';
  for await (const event of stream) {
    if (event.type !== 'content_block_stop') continue;
    text += stream.currentMessageSnapshot.content[event.index].text;
  }
  return text;
}

async function toolReads(input) {
  const stream = await open(input);
  let most = 0;
  for await (const _ of stream) {
    most = Math.max(most, stream.liveInput(0)?.rows?.length ?? 0);
  }
  assert.equal(most, JSON.parse(input.json).rows.length);
  return input.text;
}

async function toolSnapshots(input) {
  const stream = await open(input);
  let last;
  for await (const _ of stream) last = stream.currentMessageSnapshot.content[0]?.input.text ?? last;
  assert.equal(last, JSON.parse(input.json).text);
  return input.text;
}

async function readers(input) {
  const stream = await open(input);
  const texts = await Promise.all(
    Array.from({ length: input.size }, async () => {
      let text = '';
      for await (const event of stream) text += textOf(event);
      return text;
    }),
  );
  assert.ok(texts.every((text) => text === input.text));
  return texts[0];
}
