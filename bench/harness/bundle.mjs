import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { rolldown } from 'rolldown';

// From the root our package finds itself by name, as a bundler finds it: through its `exports`.
const root = fileURLToPath(new URL('../../', import.meta.url));

/**
 * What a use of a package takes in a page or on a server: bundled, minified, gzipped, in bytes. `first` is
 * the entry with the static imports behind it, `all` adds what is loaded by `import()` later on.
 * @param folder where packages are found from, with a slash at its end.
 */
export async function bundledSizes(code, platform, folder = root) {
  const entry = `${folder}entry.js`;
  const bundle = await rolldown({
    input: entry,
    platform,
    resolve: { modules: ['node_modules', `${root}bench/node_modules`] },
    tsconfig: false, // The project's own paths would lead into src/.
    logLevel: 'silent',
    plugins: [
      {
        name: 'entry',
        resolveId: (id) => (id === entry ? id : null),
        load: (id) => (id === entry ? code : null),
      },
    ],
  });
  const { output } = await bundle.generate({ minify: true });
  const chunks = new Map(output.map((chunk) => [chunk.fileName, chunk]));
  const size = (names) =>
    [...names].reduce((sum, name) => sum + gzipSync(chunks.get(name).code, { level: 9 }).length, 0);
  return { first: size(loadedAtFirst(output[0].fileName, chunks)), all: size(chunks.keys()) };
}

function loadedAtFirst(name, chunks, seen = new Set()) {
  if (seen.has(name) || !chunks.has(name)) return seen;
  seen.add(name);
  for (const imported of chunks.get(name).imports) loadedAtFirst(imported, chunks, seen);
  return seen;
}
