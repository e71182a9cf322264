import { NODES } from '../harness/nodes.mjs';
import { runProcess } from '../harness/process.mjs';
import { rowsOf } from '../harness/rows.mjs';

export const title = 'Against an iterator by hand over the same body, in memory';

export const modes = {
  full: { rounds: 25, deltas: 10_000, nodes: Object.keys(NODES) },
  smoke: { rounds: 7, deltas: 10_000, nodes: Object.keys(NODES).slice(0, 1) },
};

const HAND = 'iterator by hand';
const TARGET = 1.7;

export async function run({ rounds, deltas, nodes }) {
  const rows = [];
  for (const node of nodes) {
    const options = { execPath: NODES[node] };
    const { times, events } = await runProcess('iterator', [rounds, deltas], options);
    for (const [cut, { [HAND]: hand, ...ways }] of Object.entries(times)) {
      for (const [way, ms] of Object.entries(ways)) {
        rows.push(
          ...rowsOf(
            { millrace: ms, [HAND]: hand },
            {
              what: `Node ${node}: ${way}, ${cut}`,
              unit: 'ns an event',
              value: (cost) => (cost * 1e6) / events,
              targets: { [HAND]: TARGET },
            },
          ),
        );
      }
    }
  }
  return rows;
}
