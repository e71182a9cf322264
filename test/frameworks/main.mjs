/*
 * Packs the package, installs the tarball here, and runs the tests on the Node that the frameworks ask for.
 *   node main.mjs [test files]
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { checkVersions } from './versions.mjs';

const path = (relative) => fileURLToPath(new URL(relative, import.meta.url));
const here = path('./');
const installed = path('./node_modules/millrace');

/** A copy, as from a registry: a link would be resolved with the modules of the repository. */
function install() {
  const folder = mkdtempSync(join(tmpdir(), 'millrace-'));
  const options = { cwd: path('../../'), stdio: ['ignore', 'ignore', 'inherit'] };
  execFileSync('npm', ['pack', '--pack-destination', folder], options);
  const [tarball] = readdirSync(folder);
  rmSync(installed, { recursive: true, force: true });
  execFileSync('tar', ['xzf', join(folder, tarball), '-C', folder]);
  execFileSync('mv', [join(folder, 'package'), installed]);
  rmSync(folder, { recursive: true });
}

install();
const { name, version } = JSON.parse(readFileSync(join(installed, 'package.json'), 'utf8'));
process.stdout.write(`${name} ${version}, packed\n`);
const named = process.argv.slice(2);
const files = named.length > 0 ? named : readdirSync(here).filter((it) => it.endsWith('.test.mjs'));
const node = path('./node_modules/node22/bin/node');
const args = ['--test', '--test-concurrency=1', ...files];
const { status } = spawnSync(node, args, { cwd: here, stdio: 'inherit' });
const { stdout } = spawnSync(node, ['--version'], { encoding: 'utf8' });
// The table is of all that ran.
const isTold = named.length > 0 || status !== 0 || checkVersions(stdout.trim().slice(1));
process.exitCode = isTold ? (status ?? 1) : 1;
