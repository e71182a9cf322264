import assert from 'node:assert/strict';
import { parse } from 'jsonriver';
import { load } from '../harness/candidates.mjs';
import { cpuTime } from '../harness/cpu-time.mjs';
import { CHUNKS, DOCUMENTS, fetchOf, toolInput } from '../harness/inputs.mjs';
import { race } from '../harness/race.mjs';
import { ceilingRow, row, rowsOf } from '../harness/rows.mjs';

export const title = 'Tool input, in fragments of 20 characters';

export const modes = {
  full: { rounds: 11, small: 100_000, large: 1_000_000, sdkReads: 100_000 },
  smoke: { rounds: 3, small: 20_000, large: 200_000, sdkReads: 20_000 },
};

const SDK = '@anthropic-ai/sdk';
const MOST_SECONDS = 0.5;
const MOST_GROWTH = 13;

const size = (characters) =>
  characters >= 1e6 ? `${characters / 1e6} MB` : `${Math.round(characters / 1e3)} KB`;

export async function run({ rounds, small, large, sdkReads }) {
  const rows = [];
  for (const [shape, document] of Object.entries(DOCUMENTS)) {
    const inputs = { small: toolInput(document(small)), large: toolInput(document(large)) };
    const read = await races(inputs, 'read', rounds, READERS);
    const what = (length) => `${size(length)} of ${shape}, read after each delta`;
    rows.push(
      ...rowsOf(read.small, { what: what(small), unit: 'ms' }),
      ...rowsOf(read.large, { what: what(large), unit: 'ms', targets: JSON_TARGETS }),
      row({
        what: `${size(large)} of ${shape}, read: the time against ${size(small)}`,
        unit: 'times',
        ours: read.large.millrace / read.small.millrace,
        against: `linear: ${large / small}`,
        theirs: large / small,
        target: MOST_GROWTH / 10,
      }),
    );
    if (shape === 'rows') {
      rows.push(
        ceilingRow({
          what: what(large),
          unit: 's of CPU',
          ours: read.large.millrace / 1_000,
          ceiling: (MOST_SECONDS * large) / 1e6,
        }),
        await sdkRow(toolInput(document(sdkReads)), shape),
      );
    }
    const unread = await races(inputs, 'unread', rounds, { [SDK]: sdk });
    for (const [name, length] of Object.entries({ small, large })) {
      rows.push(
        ...rowsOf(unread[name], {
          what: `${size(length)} of ${shape}, not read before its end`,
          unit: 'ms',
          targets: { [SDK]: 1 },
        }),
      );
    }
  }
  return rows;
}

/** The medians for both sizes; each candidate is run to the finished input, which is compared. */
async function races(inputs, how, rounds, peers) {
  const medians = {};
  for (const [name, input] of Object.entries(inputs)) {
    const expected = JSON.parse(input.json);
    const candidates = Object.fromEntries(
      Object.entries({ millrace, ...peers }).map(([who, run]) => [who, () => run(input, how)]),
    );
    medians[name] = await race(candidates, {
      rounds,
      check: (value, who) => assert.deepEqual(value, expected, who),
    });
  }
  return medians;
}

/** From bytes: decoded, parsed, accumulated, and looked at where it is read. */
async function millrace(input, how) {
  const { open } = await load('millrace', { fetch: fetchOf(CHUNKS['64 KiB a chunk'](input)) });
  const stream = open();
  const looks = [];
  for await (const event of stream) {
    if (how === 'read' && event.type === 'content_block_delta') {
      looks.push(lengthOf(stream.liveInput(0)));
    }
  }
  assertGrew(looks, input, how);
  return (await stream.getFinalMessage()).content[0].input;
}

/** From bytes as well. */
async function sdk(input, how) {
  const { open } = await load(SDK, { fetch: fetchOf(CHUNKS['64 KiB a chunk'](input)) });
  const stream = open();
  const looks = [];
  for await (const event of stream) {
    if (how === 'read' && event.type === 'content_block_delta') {
      looks.push(lengthOf(stream.currentMessage.content[0].input));
    }
  }
  assertGrew(looks, input, how);
  return (await stream.finalMessage()).content[0].input;
}

const FROM_BYTES = 'jsonriver behind our raw stream';

const JSON_TARGETS = { jsonriver: 2, [FROM_BYTES]: 2 };

const READERS = {
  /** From the fragments: it has nothing to decode, and knows no message. */
  jsonriver: ({ fragments }) => readWithJsonriver(fragments),
  /** From bytes, as we do. */
  [FROM_BYTES]: (input) => readWithJsonriver(fragmentsOf(input)),
};

async function* fragmentsOf(input) {
  const { openRaw } = await load('millrace', { fetch: fetchOf(CHUNKS['64 KiB a chunk'](input)) });
  for await (const event of await openRaw()) {
    if (event.type === 'content_block_delta') yield event.delta.partial_json;
  }
}

async function readWithJsonriver(fragments) {
  async function* source() {
    yield* fragments;
  }
  let last;
  let looks = 0;
  for await (const value of parse(source())) {
    looks += lengthOf(value);
    last = value;
  }
  assert.ok(looks > 0);
  return last;
}

function lengthOf(value) {
  return value?.rows?.length ?? value?.text?.length ?? 0;
}

/** Whoever reads has seen the input grow. */
function assertGrew(looks, { fragments }, how) {
  if (how !== 'read') return;
  assert.equal(looks.length, fragments.length);
  assert.ok(looks[looks.length >> 1] > 0 && looks[looks.length >> 1] < looks.at(-1));
}

/** The SDK once, and no more than this: it is quadratic, ten times the data takes minutes. */
async function sdkRow(input, shape) {
  const ours = await cpuTime(() => millrace(input, 'read'));
  const theirs = await cpuTime(() => sdk(input, 'read'));
  assert.deepEqual(theirs.result, JSON.parse(input.json));
  return row({
    what: `${size(input.json.length)} of ${shape}, read after each delta, once`,
    unit: 'ms',
    ours: ours.cost,
    against: `${SDK} (quadratic, so no more)`,
    theirs: theirs.cost,
  });
}
