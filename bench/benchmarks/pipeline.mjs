import assert from 'node:assert/strict';
import { load } from '../harness/candidates.mjs';
import { CHUNKS, fetchOf, textInput } from '../harness/inputs.mjs';
import { race } from '../harness/race.mjs';
import { rowsOf } from '../harness/rows.mjs';

export const title = 'Whole pipeline, in memory';

export const modes = {
  full: { rounds: 25, slowRounds: 5, deltas: 10_000 },
  smoke: { rounds: 7, slowRounds: 0, deltas: 10_000 },
};

const [SDK, AI_SDK, HAND] = ['@anthropic-ai/sdk', 'AI SDK', 'hand-written loop'];

/** Way of reading → who is read so, and the targets: with big chunks, and with an event a chunk. */
const WAYS = {
  raw: [[SDK], {}, {}],
  events: [[SDK], { [SDK]: 0.3 }, { [SDK]: 0.6 }],
  text: [[SDK, HAND], { [HAND]: 1.1 }, {}],
  final: [[SDK, HAND], {}, {}],
};

/** Ten times slower than all others: in a race of its own, with fewer rounds. */
const SLOW_WAYS = {
  events: [[AI_SDK], {}, {}],
  text: [[AI_SDK], {}, {}],
  final: [[AI_SDK], {}, {}],
};

const NAMES = { raw: 'raw stream', events: 'events', text: 'textStream', final: 'final message' };

export async function run({ rounds, slowRounds, deltas }) {
  const input = textInput(deltas);
  return [
    ...(await compare(input, WAYS, rounds)),
    ...(slowRounds > 0 ? await compare(input, SLOW_WAYS, slowRounds) : []),
  ];
}

async function compare(input, ways, rounds) {
  const rows = [];
  for (const [index, cut] of ['64 KiB a chunk', '1 event a chunk'].entries()) {
    const fetch = fetchOf(CHUNKS[cut](input));
    for (const [way, [peers, ...targets]] of Object.entries(ways)) {
      const times = await race(await readers(['millrace', ...peers], way, fetch), {
        rounds,
        check: (text, name) => assert.equal(text, input.text, name),
      });
      rows.push(
        ...rowsOf(times, {
          what: `${NAMES[way]}, ${cut}`,
          unit: 'k events/s',
          value: (ms) => input.events.length / ms,
          isRate: true,
          targets: targets[index],
        }),
      );
    }
  }
  return rows;
}

async function readers(names, way, fetch) {
  const clients = await Promise.all(names.map((name) => load(name, { fetch })));
  return Object.fromEntries(names.map((name, index) => [name, clients[index][way]]));
}
