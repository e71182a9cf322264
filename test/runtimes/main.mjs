/* `npm run test:runtimes`: installs what it needs into this folder, then runs all. */
import { execFileSync, spawnSync } from 'node:child_process';
import { copyFileSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const here = fileURLToPath(new URL('.', import.meta.url));
const installed = `${here}node_modules/.installed-lock.json`;

// Their install scripts would only choose among programs that are packages of this platform already.
if (read(installed) !== read(`${here}package-lock.json`)) {
  const options = { cwd: here, stdio: 'inherit' };
  execFileSync('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund'], options);
  copyFileSync(`${here}package-lock.json`, installed);
}
const { drive } = await import('./drive.mjs');
const isGood = await drive();
// Its own process: the test runner of Node counts and reports by itself.
const web = spawnSync(
  process.execPath,
  [
    '--test',
    '--test-reporter=spec',
    '--test-timeout=300000',
    'web.test.mjs',
    'follow.test.mjs',
    'chat.test.mjs',
  ],
  { cwd: here, stdio: 'inherit' },
);
process.exitCode = isGood && web.status === 0 ? 0 : 1;

function read(path) {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}
