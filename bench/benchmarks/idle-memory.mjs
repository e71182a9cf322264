import assert from 'node:assert/strict';
import { textInput, toolInput } from '../harness/inputs.mjs';
import { median } from '../harness/median.mjs';
import { runProcess, startServer } from '../harness/process.mjs';
import { rowsOf } from '../harness/rows.mjs';

export const title = 'Memory of open streams that wait for more';

export const modes = {
  full: { rounds: 3, streams: 2_000, active: 200, events: 20 },
  smoke: { rounds: 1, streams: 300, active: 50, events: 20 },
};

/** What an active stream has received, and no one has looked at: deltas of 20 characters. */
const UNREAD = 40_000;

const SDK = '@anthropic-ai/sdk';

export async function run({ rounds, streams, active, events }) {
  const idle = await measure({ rounds, streams, events, text: textInput(events).text });
  const piece = 'twenty characters ab';
  const deltas = UNREAD / piece.length;
  const text = await measure({
    rounds,
    streams: active,
    events: deltas,
    piece,
    text: piece.repeat(deltas),
  });
  const { json, fragments } = toolInput(JSON.stringify('x'.repeat(UNREAD)));
  const input = await measure({
    rounds,
    streams: active,
    events: fragments.length,
    json,
    text: json,
  });
  const unit = 'KiB';
  const value = (bytes) => bytes / 1_024;
  const heap = 'heap and buffers of each';
  return [
    ...rowsOf(idle('held'), {
      what: `${streams} idle streams: ${heap}`,
      unit,
      value,
      targets: { [SDK]: 0.6 },
    }),
    ...rowsOf(idle('rss'), {
      what: `${streams} idle streams: resident memory of each`,
      unit,
      value,
    }),
    ...rowsOf(text('held'), {
      what: `${active} streams with 40 KB of text: ${heap}`,
      unit,
      value,
      targets: { [SDK]: 0.4 },
    }),
    ...rowsOf(input('held'), {
      what: `${active} streams with 40 KB of tool input: ${heap}`,
      unit,
      value,
      targets: { [SDK]: 0.4 },
    }),
  ];
}

/** @returns the medians of a figure, by candidate. */
async function measure({ rounds, streams, text, ...settings }) {
  const server = await startServer('idle', settings);
  const { events } = settings;
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
  return (figure) =>
    Object.fromEntries(
      Object.entries(told).map(([name, all]) => [name, median(all.map((one) => one[figure]))]),
    );
}
