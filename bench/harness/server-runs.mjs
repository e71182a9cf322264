import assert from 'node:assert/strict';
import { runProcess, startServer } from './process.mjs';
import { race } from './race.mjs';

/**
 * Processes that each read some streams of a server, in turns.
 *
 * @param runs name → [script, candidate, way of reading, streams].
 * @param options.expected name → what each of its streams gives.
 * @param options.tell is given the message of each process, and its name.
 * @returns name → CPU time of its process in ms.
 */
export async function raceProcesses(runs, { rounds, server: kind, expected, tell = () => {} }) {
  const server = await startServer(...kind);
  const start = ([script, candidate, way, streams]) =>
    runProcess(script, [candidate, way, server.url, streams], { execArgv: ['--expose-gc'] });
  try {
    return await race(
      Object.fromEntries(Object.entries(runs).map(([name, run]) => [name, () => start(run)])),
      {
        rounds,
        warmups: 0,
        cost: async (run) => {
          const result = await run();
          return { result, cost: result.cost };
        },
        check: (result, name) => {
          assert.deepEqual(result.results, [expected(name)], name);
          tell(result, name);
        },
      },
    );
  } finally {
    await server.stop();
  }
}
