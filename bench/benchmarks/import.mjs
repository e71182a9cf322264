import { runProcess } from '../harness/process.mjs';
import { race } from '../harness/race.mjs';
import { row } from '../harness/rows.mjs';

export const title = 'Import';

/** Not in the smoke run: test/package/size.test.ts counts what is loaded. */
export const modes = { full: { rounds: 21 } };

const SDK = '@anthropic-ai/sdk';
const CANDIDATES = ['bare node', 'millrace', 'millrace/sync', SDK];

/** CPU time of a whole process that imports one thing and ends, over that of one that imports none. */
export async function run({ rounds }) {
  const times = await race(
    Object.fromEntries(CANDIDATES.map((name) => [name, () => runProcess('import', [name])])),
    {
      rounds,
      warmups: 1,
      cost: async (start) => {
        const { cost, ...result } = await start();
        return { cost, result };
      },
      check: ({ imported }, name) => {
        if (imported !== (name !== 'bare node')) throw new Error(`${name} was not imported`);
      },
    },
  );
  const over = (name) => times[name] - times['bare node'];
  return ['millrace', 'millrace/sync'].map((name) =>
    row({
      what: `import '${name}', over bare node`,
      unit: 'ms of CPU',
      ours: over(name),
      against: SDK,
      theirs: over(SDK),
      ...(name === 'millrace' && { target: 0.1 }),
    }),
  );
}
