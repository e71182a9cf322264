import assert from 'node:assert/strict';
import { median } from '../harness/median.mjs';
import { runProcess, startServer } from '../harness/process.mjs';
import { rowsOf } from '../harness/rows.mjs';

export const title = 'From the server’s write to the first text in the reader’s hands';

export const modes = {
  full: { rounds: 3, streams: 100, pause: 3 },
  smoke: { rounds: 2, streams: 30, pause: 3 },
};

const CANDIDATES = ['millrace', '@anthropic-ai/sdk', 'AI SDK', 'fetch'];

/** Processes in turns, each with many streams one after the other: the median of all first texts. */
export async function run({ rounds, streams, pause }) {
  const server = await startServer('stamp', { pause });
  const delays = Object.fromEntries(CANDIDATES.map((name) => [name, []]));
  try {
    for (let round = 0; round < rounds; round++) {
      for (const name of CANDIDATES) {
        const told = await runProcess('first-text', [name, server.url, streams]);
        assert.equal(told.delays.length, streams, name);
        assert.ok(told.delays.every((delay) => delay > 0));
        delays[name].push(...told.delays);
      }
    }
  } finally {
    await server.stop();
  }
  const medians = Object.fromEntries(CANDIDATES.map((name) => [name, median(delays[name])]));
  return rowsOf(medians, { what: 'first text of a warm client', unit: 'µs' });
}
