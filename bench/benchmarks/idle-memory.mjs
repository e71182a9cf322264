import assert from 'node:assert/strict';
import { textInput } from '../harness/inputs.mjs';
import { median } from '../harness/median.mjs';
import { runProcess, startServer } from '../harness/process.mjs';
import { rowsOf } from '../harness/rows.mjs';

export const title = 'Memory of open streams that wait for more';

export const modes = {
  full: { rounds: 3, streams: 2_000, events: 20 },
  smoke: { rounds: 1, streams: 300, events: 20 },
};

const SDK = '@anthropic-ai/sdk';

export async function run({ rounds, streams, events }) {
  const server = await startServer('idle', { events });
  const { text } = textInput(events);
  const told = { millrace: [], [SDK]: [] };
  try {
    for (let round = 0; round < rounds; round++) {
      for (const [name, seen] of Object.entries(told)) {
        const args = [name, server.url, streams, events];
        const figures = await runProcess('idle', args, { execArgv: ['--expose-gc'] });
        assert.deepEqual(figures.texts, [text], name);
        seen.push(figures);
      }
    }
  } finally {
    await server.stop();
  }
  const medians = (figure) =>
    Object.fromEntries(
      Object.entries(told).map(([name, all]) => [name, median(all.map((one) => one[figure]))]),
    );
  const kilobytes = (bytes) => bytes / 1_024;
  return [
    ...rowsOf(medians('held'), {
      what: `${streams} idle streams: heap and buffers of each`,
      unit: 'KiB',
      value: kilobytes,
      targets: { [SDK]: 0.6 },
    }),
    ...rowsOf(medians('rss'), {
      what: `${streams} idle streams: resident memory of each`,
      unit: 'KiB',
      value: kilobytes,
    }),
  ];
}
