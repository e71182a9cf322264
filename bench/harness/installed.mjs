import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../../', import.meta.url));
const OWN = fileURLToPath(new URL('../node_modules/', import.meta.url));

/** Bytes of our package when it is unpacked, and of what is downloaded for it. */
export function packedSizes() {
  const told = execFileSync('npm', ['pack', '--dry-run', '--json', '--ignore-scripts'], {
    cwd: root,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const [{ unpackedSize, size }] = Object.values(JSON.parse(told));
  return { unpackedSize, size };
}

/** Bytes of a package and all that it depends on, as they lie in a node_modules: by default in this folder's. */
export function installedSize(name, modules = OWN) {
  return [...installedFolders(name, modules)].reduce((sum, folder) => sum + sizeOf(folder), 0);
}

/** The folders of a package and of all that it depends on. */
export function installedFolders(name, modules) {
  const seen = new Set();
  const visit = (dependency, from) => {
    const folder = [join(from, 'node_modules', dependency), join(modules, dependency)].find(
      (path) => existsSync(path),
    );
    if (folder === undefined || seen.has(folder)) return;
    seen.add(folder);
    const { dependencies = {} } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
    for (const next of Object.keys(dependencies)) visit(next, folder);
  };
  visit(name, modules);
  return seen;
}

/** Without packages inside: they are counted as dependencies. */
function sizeOf(folder) {
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.name !== 'node_modules')
    .map((entry) => join(folder, entry.name))
    .reduce((sum, path) => {
      const stat = statSync(path);
      return sum + (stat.isDirectory() ? sizeOf(path) : stat.size);
    }, 0);
}
