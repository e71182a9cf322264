/*
 * Writes the package into dist/: for each entry one file, and shared chunks, the same for every runtime.
 * Importing a hundred files costs Node several times what their code costs. Bundlers leave out what is
 * unused statement by statement, for which the marks of mark-pure.mjs are needed.
 */
import { chmod, copyFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { rolldown } from 'rolldown';
import { finishDeclarations } from './declarations.mjs';
import { markPure } from './mark-pure.mjs';

const root = fileURLToPath(new URL('../', import.meta.url));

/** The files in dist/ that package.json and `sync/start-worker.ts` name, and where each begins. */
const ENTRIES = {
  index: 'src/index.ts',
  read: 'src/read/index.ts',
  sync: 'src/sync/index.ts',
  worker: 'src/sync/worker.ts',
  'signal-watcher': 'src/sync/signal-watcher.ts',
  testing: 'src/testing/index.ts',
  relay: 'src/relay/index.ts',
  'ai-sdk': 'src/ai-sdk/index.ts',
  react: 'src/react/index.ts',
  otel: 'src/otel/index.ts',
  cli: 'src/cli/main.ts',
  'transport/node': 'src/transport/node.ts',
  'transport/fetch': 'src/transport/fetch.ts',
};

/** The names of the entries, by their files. */
const NAMES = new Map(Object.entries(ENTRIES).map(([name, file]) => [`${root}${file}`, name]));

const CLIENT = `${root}src/client.ts`;
const PARTIAL_INPUT = `${root}src/message/partial-input.ts`;
const DIALECTS = `${root}src/message/dialects.ts`;
const ACCUMULATE = `${root}src/message/accumulate.ts`;
/** The client needs it, and `follow`, but no page that only reads a response: apart, it is not loaded there. */
const REQUEST_ERROR = `${root}src/transport/request-error.ts`;
const COMMAND = `${root}src/cli/run.ts`;
const TRANSPORTS = ['transport/node', 'transport/fetch'];
const BASE = [...TRANSPORTS, 'testing', 'lazy'];
/** The chunks that a page with a client does not load at first. */
const LATER = ['later', 'exports', 'json', 'dialects'];

const bundle = await rolldown({
  cwd: root,
  input: ENTRIES,
  // Not `node`: that would give each file a `require`, which nothing here calls.
  platform: 'neutral',
  resolve: { extensionAlias: { '.js': ['.ts'] } },
  tsconfig: 'tsconfig.build.json',
  external: ['#transport', 'react', /^node:/, '@opentelemetry/api'],
  preserveEntrySignatures: 'allow-extension',
  plugins: [{ name: 'import-entries', resolveId: importEntry }, markPure],
});
await bundle.write({
  dir: 'dist',
  chunkFileNames: 'chunks/[name].js',
  minifyInternalExports: false,
  // Components of servers must not run the hooks: a directive in the source would not be kept.
  banner: ({ name }) => (name === 'react' ? "'use client';" : ''),
  comments: { annotation: true, legal: true, jsdoc: false },
  codeSplitting: {
    groups: [{ name: sharedChunk, debugName: 'shared', includeDependenciesRecursively: false }],
  },
});
await bundle.close();
await writeBrowserFile();
await finishDeclarations(`${root}dist/types`, [
  'index.d.ts',
  'read/index.d.ts',
  'sync/index.d.ts',
  'testing/index.d.ts',
  'relay/index.d.ts',
  'ai-sdk/index.d.ts',
  'react/index.d.ts',
  'otel/index.d.ts',
]);
await copyFile(`${root}src/index.cjs`, `${root}dist/index.cjs`);
// npm does this for an installed package; a checkout needs it too.
await chmod(`${root}dist/cli.js`, 0o755);

/** The root entry in one file, minified, for pages without a bundler: nothing else is loaded, also not later. */
async function writeBrowserFile() {
  const whole = await rolldown({
    cwd: root,
    input: 'src/index.ts',
    platform: 'browser',
    resolve: {
      extensionAlias: { '.js': ['.ts'] },
      alias: { '#transport': `${root}src/transport/fetch.ts` },
    },
    tsconfig: 'tsconfig.build.json',
  });
  await whole.write({ file: 'dist/browser.js', minify: true, codeSplitting: false });
  await whole.close();
}

/**
 * The command and the hooks import the files of other entries, so that what only they have is no chunk of its own.
 * rolldown takes the path from `src/` as one from the folder of the output.
 */
async function importEntry(specifier, importer) {
  if (!/^src\/(cli|react)\//.test(importer?.slice(root.length) ?? '')) return null;
  const resolved = await this.resolve(specifier, importer, { skipSelf: true });
  const name = NAMES.get(resolved?.id);
  return name === undefined ? null : { id: `${root}src/${name}.js`, external: true };
}

/**
 * What the root entry and its lazy parts share with others, in chunks: `base`, needed by the transports,
 * which the client imports, by the emulator, or by lazy parts (bundlers would keep a lazy part that imports
 * the chunk that loads it), and `requests`, the rest. `requests` imports `base`, never the reverse.
 *
 * A bundler loads a file with all that any part of a program needs of it, so what lazy parts need and the
 * client does not is elsewhere: in `base` it would be loaded at first. `later` is what only they and other
 * entries need; `exports` is what the root entry exports too. `json`, incremental JSON, and `dialects`, what reads other
 * servers, are apart: both are large, and each is loaded alone. `streams` is what the client shares with the relay alone. What needs a part of these is no part of `base`.
 */
function sharedChunk(id, graph) {
  const chunk = chunkByUsers(id, graph);
  const needsLater = (of) => graph.getModuleInfo(of).importedIds.some(isLater);
  const isLater = (of) => LATER.includes(chunkByUsers(of, graph)) || needsLater(of);
  return chunk === 'base' && needsLater(id) ? 'exports' : chunk;
}

function chunkByUsers(id, graph) {
  // What the command needs at the start is one file; what only later parts of it share stays with them.
  if (id.startsWith(`${root}src/cli/`)) {
    return usersOf(id, graph).has(COMMAND) ? 'command' : null;
  }
  if (id === REQUEST_ERROR) return 'request-error';
  if (id === ACCUMULATE) return 'dialects';
  // What only the recorder and the emulator need.
  if (id.startsWith(`${root}src/recording/`)) return 'recording';
  const users = [...usersOf(id, graph)];
  const names = users.map((file) => (file === CLIENT ? 'client' : (NAMES.get(file) ?? 'lazy')));
  const isUsedBy = (...some) => some.some((name) => names.includes(name));
  const isShared = names.filter((name) => name !== 'client').length > 1;
  if (!isShared || !isUsedBy('index', 'lazy')) return null;
  if (isUsedBy('lazy') && !isUsedBy('client', ...TRANSPORTS)) {
    if (users.includes(DIALECTS) && !isExported(id, graph)) return 'dialects';
    if (!isUsedBy('index')) return 'later';
    return users.includes(PARTIAL_INPUT) ? 'json' : 'exports';
  }
  // What only HTTP/1.1 and HTTP/2 share imports modules of Node, which bundlers for browsers can't resolve.
  if (names.every((name) => ['transport/node', 'lazy'].includes(name))) return 'connections';
  // What only the relay shares with the client: the blocking client does without.
  if (names.every((name) => ['client', 'index', 'relay'].includes(name))) return 'streams';
  return isUsedBy(...BASE) ? 'base' : 'requests';
}

/** Whether the root entry needs a module of the dialects for more than `accumulate`. */
function isExported(id, graph) {
  const others = usersOf(id, graph, new Set(), new Set([DIALECTS, ACCUMULATE]));
  return [...others].some((file) => NAMES.get(file) === 'index');
}

/** What cannot run without a file: entries, the client, and lazily imported files. */
function usersOf(id, graph, users = new Set(), seen = new Set()) {
  if (seen.has(id)) return users;
  seen.add(id);
  const { importers, dynamicImporters } = graph.getModuleInfo(id);
  if (id === CLIENT || NAMES.has(id) || dynamicImporters.length > 0) users.add(id);
  for (const importer of importers) usersOf(importer, graph, users, seen);
  return users;
}
