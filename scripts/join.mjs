/*
 * Joins the build into a few files for Node, in dist/node/: of an import, finding and reading over a hundred
 * files costs Node several times what their code costs. Bundlers and the other runtimes take the separate
 * files, which a bundler can leave out one by one. Entries share one copy of what they have in common.
 */
import { chmodSync, rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { rolldown } from 'rolldown';

const dist = fileURLToPath(new URL('../dist/', import.meta.url));

/** Files that package.json names, and the worker that `sync/` starts from beside it. */
const ENTRIES = ['index', 'sync/index', 'sync/worker', 'testing/index', 'cli/main'];

const bundle = await rolldown({
  input: Object.fromEntries(ENTRIES.map((entry) => [entry, `${dist}${entry}.js`])),
  // Not `node`: that would give each file a `require`, which nothing here calls.
  platform: 'neutral',
  resolve: { conditionNames: ['node'] },
  external: /^node:/,
});
await bundle.write({
  dir: `${dist}node`,
  entryFileNames: '[name].js',
  chunkFileNames: 'shared/[name].js',
  minifyInternalExports: false,
});
await bundle.close();

// Nobody bundles the command, so its separate files would only take room.
rmSync(`${dist}cli`, { recursive: true });
// npm does this where it installs a package; in a checkout nobody does.
chmodSync(`${dist}node/cli/main.js`, 0o755);
