/*
 * The README of the package has no commands for a clone of the repository: `prepack` takes what stands between
 * `<!-- repository -->` and `<!-- /repository -->` out of README.md, `postpack` (--restore) puts it back.
 */
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const path = (relative) => fileURLToPath(new URL(relative, import.meta.url));
const README = path('../README.md');
const WHOLE = path('../README.repository.md');

/** The README for users of the package. */
export function packageReadme(text) {
  return text.replace(/<!-- repository -->\n.*?<!-- \/repository -->\n+/gs, '');
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  // One that is there was left by a pack that was interrupted.
  if (existsSync(WHOLE)) renameSync(WHOLE, README);
  if (!process.argv.includes('--restore')) {
    const text = readFileSync(README, 'utf8');
    writeFileSync(WHOLE, text);
    writeFileSync(README, packageReadme(text));
  }
}
