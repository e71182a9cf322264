/* `npm run bench -- faults`: the whole matrix, before and after, into docs/faults.md. */
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { run } from './matrix.mjs';
import { writePage } from './write-page.mjs';

const at = (path) => fileURLToPath(new URL(path, import.meta.url));
const LIMIT = 20_000;

export async function measureFaults() {
  execFileSync(process.execPath, [at('prepare.mjs'), 'original', 'dropin'], { stdio: 'inherit' });
  const before = await run('original', { limit: LIMIT });
  const after = await run('dropin', { limit: LIMIT });
  // What each client said, cell by cell: too much for the page.
  writeFileSync(at('.work/cells.json'), JSON.stringify({ before, after }, null, 1));
  const date = new Date().toISOString().slice(0, 10);
  writePage(at('../../docs/faults.md'), {
    before,
    after,
    limit: LIMIT,
    date,
    node: process.version,
  });
}
