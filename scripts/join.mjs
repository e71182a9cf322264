/*
 * Joins the build into a few files for Node, in dist/node/: of an import, finding and reading over a hundred
 * files costs Node several times what their code costs. Bundlers and the other runtimes take the separate
 * files, which a bundler can leave out one by one. Entries share one copy of what they have in common.
 */
import { chmodSync, rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { rolldown } from 'rolldown';

const dist = fileURLToPath(new URL('../dist/', import.meta.url));
const inDist = (entry) => `${dist}${entry}.js`;

/** Files that package.json names, and the worker that `sync/` starts, which must be beside its own file. */
const ENTRIES = {
  index: inDist('index'),
  sync: inDist('sync/index'),
  worker: inDist('sync/worker'),
  testing: inDist('testing/index'),
  command: inDist('cli/main'),
};

const bundle = await rolldown({
  input: Object.values(ENTRIES),
  // Not `node`: that would give each file a `require`, which nothing here calls.
  platform: 'neutral',
  resolve: { conditionNames: ['node'] },
  external: /^node:/,
  preserveEntrySignatures: 'allow-extension',
});
await bundle.write({
  dir: `${dist}node`,
  entryFileNames: ({ facadeModuleId }) => facadeModuleId.slice(dist.length),
  chunkFileNames: 'shared/[name].js',
  minifyInternalExports: false,
  codeSplitting: {
    groups: [{ name: sharedBy, debugName: 'shared', includeDependenciesRecursively: false }],
  },
});
await bundle.close();

/**
 * What the same entries need is one file, with their names. The command may load a little too much, and
 * what is loaded later by `import()` does not split what the entries share.
 */
function sharedBy(file, graph) {
  if (usersOf(file, (id) => graph.getModuleInfo(id).importers).length === 0) return null;
  const users = usersOf(file, (id) => {
    const { importers, dynamicImporters } = graph.getModuleInfo(id);
    return [...importers, ...dynamicImporters];
  });
  if (users.length === 1) return null;
  const names = users.filter((user) => user !== 'command');
  // The emulator needs little of the client, and all of that is needed by the client too.
  return names.length > 1 && names.includes('testing') ? 'all' : names.join('-');
}

/** The entries that need a file. */
function usersOf(file, importersOf) {
  const seen = new Set();
  const visit = (id) => {
    if (seen.has(id)) return;
    seen.add(id);
    importersOf(id).forEach(visit);
  };
  visit(file);
  return Object.keys(ENTRIES).filter((entry) => seen.has(ENTRIES[entry]));
}

// Nobody bundles the command, so its separate files would only take room.
rmSync(`${dist}cli`, { recursive: true });
// npm does this where it installs a package; in a checkout nobody does.
chmodSync(`${dist}node/cli/main.js`, 0o755);
