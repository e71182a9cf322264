import { textInput } from '../harness/inputs.mjs';
import { median } from '../harness/median.mjs';
import { ceilingRow, rowsOf } from '../harness/rows.mjs';
import { raceProcesses } from '../harness/server-runs.mjs';

export const title = 'Short streams, one after the other: CPU time of a whole process';

export const modes = {
  full: { rounds: 2, streams: 10_000, events: 20 },
  smoke: { rounds: 1, streams: 500, events: 20 },
};

const RUNS = [
  ['millrace', 'final'],
  ['@anthropic-ai/sdk', 'final'],
  ['fetch', 'bytes'],
];

/** Nothing stays of a stream; this is what the machine's own caches may take. */
const MOST_GROWTH_KIB = 1_024;

export async function run({ rounds, streams, events }) {
  const input = textInput(events);
  const growths = [];
  const times = await raceProcesses(
    Object.fromEntries(RUNS.map(([name, way]) => [name, ['in-a-row', name, way, streams]])),
    {
      rounds,
      server: ['burst', { events }],
      expected: (name) => (name === 'fetch' ? input.bytes.length : input.text),
      tell: ({ growth }, name) => name === 'millrace' && growths.push(growth),
    },
  );
  const what = `${streams} streams of ${events} deltas`;
  return [
    ...rowsOf(times, { what, unit: 's of CPU', value: (ms) => ms / 1_000 }),
    ceilingRow({
      what: `${what}: what the heap grew in the last nine tenths`,
      unit: 'KiB',
      ours: median(growths) / 1_024,
      ceiling: MOST_GROWTH_KIB,
    }),
  ];
}
