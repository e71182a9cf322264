import { textInput } from '../harness/inputs.mjs';
import { rowsOf } from '../harness/rows.mjs';
import { raceProcesses } from '../harness/server-runs.mjs';

export const title = 'Over loopback HTTP: CPU time of a whole process';

export const modes = {
  full: {
    slow: { rounds: 7, streams: 200, events: 300, gap: 10 },
    burst: { rounds: 15, streams: 50, events: 2_000 },
  },
  smoke: {
    slow: { rounds: 2, streams: 100, events: 100, gap: 10 },
    burst: { rounds: 3, streams: 25, events: 2_000 },
  },
};

/** Shown as → who is run, and how it reads. */
const RUNS = {
  millrace: ['millrace', 'events'],
  '@anthropic-ai/sdk, for await': ['@anthropic-ai/sdk', 'events'],
  'fetch, nothing parsed': ['fetch', 'bytes'],
  'node:http, nothing parsed': ['node:http', 'bytes'],
};

const TARGETS = {
  slow: { '@anthropic-ai/sdk, for await': 0.45, 'fetch, nothing parsed': 0.75 },
  burst: { '@anthropic-ai/sdk, for await': 0.5 },
};

export async function run({ slow, burst }) {
  return [...(await measure('slow', slow)), ...(await measure('burst', burst))];
}

async function measure(kind, { rounds, streams, events, gap }) {
  const input = textInput(events);
  const runs = Object.entries(RUNS).map(([name, run]) => [name, ['parallel', ...run, streams]]);
  const times = await raceProcesses(Object.fromEntries(runs), {
    rounds,
    server: [kind, { events, gap }],
    expected: (name) => (RUNS[name][1] === 'bytes' ? input.bytes.length : input.text),
  });
  const pace = gap === undefined ? 'at once' : `${gap} ms apart`;
  return rowsOf(times, {
    what: `${kind}: ${streams} streams × ${events} events, ${pace}`,
    unit: 's of CPU',
    value: (ms) => ms / 1_000,
    targets: TARGETS[kind],
  });
}
