/* Makes `.built`: the package as npm would install it, and the suite, bundled for each kind of runtime. */
import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const here = fileURLToPath(new URL('.', import.meta.url));
const root = join(here, '../..');
export const built = join(here, '.built');
const packages = join(built, 'node_modules');

/** Where runtimes find packages by their names, `millrace` is a package among others. */
const OWN = { platform: 'node', external: ['millrace', 'millrace/relay'] };
/** Elsewhere all is bundled, with no setting but the defaults: the package must need none. */
const BUNDLED = { nodePaths: [packages] };
/** A page loads some of it later. */
const SPLIT = { ...BUNDLED, splitting: true, outfile: undefined, outdir: join(built, 'page') };

const BUNDLES = { process: OWN, servers: OWN, worker: BUNDLED, page: SPLIT };

export async function buildAll() {
  rmSync(built, { recursive: true, force: true });
  mkdirSync(packages, { recursive: true });
  installPackage();
  for (const [name, options] of Object.entries(BUNDLES)) {
    await bundle(join(here, `suite/${name}.mjs`), `${name}.mjs`, options);
  }
}

/** The web example, beside the package. @returns the path of its server. */
export async function buildWeb() {
  const source = join(root, 'examples/web');
  cpSync(join(source, 'public'), join(built, 'web/public'), { recursive: true });
  await bundle(join(source, 'server.ts'), 'web/server.mjs', OWN);
  await bundle(join(source, 'react/main.tsx'), 'web/public/react.js', {
    nodePaths: [packages, join(here, 'node_modules')],
    jsx: 'automatic',
  });
  return join(built, 'web/server.mjs');
}

/** The follow example, beside the package. @returns the path of its server. */
export async function buildFollow() {
  const source = join(root, 'examples/follow');
  cpSync(join(source, 'public'), join(built, 'follow/public'), { recursive: true });
  await bundle(join(source, 'server.ts'), 'follow/server.mjs', OWN);
  return join(built, 'follow/server.mjs');
}

function bundle(entry, outfile, options) {
  return build({
    entryPoints: [entry],
    outfile: join(built, outfile),
    bundle: true,
    format: 'esm',
    target: 'es2022',
    // Not that of this repository: it says how to check the sources.
    tsconfigRaw: '{}',
    logLevel: 'warning',
    ...options,
  });
}

/** What would be published, not the folder: a file that is missing from it must be missed here too. */
function installPackage() {
  const options = { cwd: root, encoding: 'utf8' };
  const packed = execFileSync(
    'npm',
    ['pack', '--json', '--ignore-scripts', '--pack-destination', built],
    {
      ...options,
      stdio: ['ignore', 'pipe', 'ignore'],
    },
  );
  const [{ filename }] = JSON.parse(packed);
  execFileSync('tar', ['xzf', join(built, filename), '-C', built]);
  renameSync(join(built, 'package'), join(packages, 'millrace'));
  writeFileSync(
    join(built, 'package.json'),
    JSON.stringify({ type: 'module', dependencies: { millrace: '*' } }),
  );
}
