/*
 * What `npm pack` packs differs from the repository in two files; `prepack` writes them, `postpack` (--restore) puts the
 * repository's back.
 * - README.md has no commands for a clone: what stands between `<!-- repository -->` and `<!-- /repository -->`.
 * - package.json has no scripts and no development dependencies: npm warns about `prepare` when a tarball is installed.
 */
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const path = (relative) => fileURLToPath(new URL(relative, import.meta.url));
/** Where the repository's files are meanwhile. Not beside them: npm packs every file whose name begins with README. */
const KEPT = path('../.packing/');
const FILES = [
  ['README.md', packageReadme],
  ['package.json', packageManifest],
];

/** The README for users of the package. */
export function packageReadme(text) {
  return text.replace(/<!-- repository -->\n.*?<!-- \/repository -->\n+/gs, '');
}

/** The manifest for users of the package. */
export function packageManifest(text) {
  const { scripts: _scripts, devDependencies: _dependencies, ...manifest } = JSON.parse(text);
  return `${JSON.stringify(manifest, null, 2)}\n`;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const isRestore = process.argv.includes('--restore');
  for (const [name, pack] of FILES) {
    const file = path(`../${name}`);
    const kept = `${KEPT}${name}`;
    // One that is there was left by a pack that was interrupted.
    if (existsSync(kept)) renameSync(kept, file);
    if (isRestore) continue;
    const text = readFileSync(file, 'utf8');
    mkdirSync(KEPT, { recursive: true });
    writeFileSync(kept, text);
    // In one step: others may read the file meanwhile.
    writeFileSync(`${kept}.packed`, pack(text));
    renameSync(`${kept}.packed`, file);
  }
  if (isRestore) rmSync(KEPT, { recursive: true, force: true });
}
