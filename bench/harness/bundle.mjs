import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';

/** What a use of a package takes in a page or on a server: bundled, minified, gzipped, in bytes. */
export async function bundledSize(code, platform) {
  const { outputFiles } = await build({
    // From the root our package finds itself by name, as a bundler finds it: through its `exports`.
    stdin: { contents: code, resolveDir: new URL('../../', import.meta.url).pathname },
    nodePaths: [new URL('../node_modules/', import.meta.url).pathname],
    bundle: true,
    minify: true,
    write: false,
    format: 'esm',
    platform,
    target: 'es2022',
    logLevel: 'error',
    tsconfigRaw: '{}', // Else the project's own paths would lead into src/.
  });
  const [{ contents }] = outputFiles;
  return gzipSync(contents, { level: 9 }).length;
}
