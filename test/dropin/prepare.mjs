/*
 * Installs the libraries of package.json in `.work/original`, and in `.work/dropin` with the two lines that put
 * millrace under them: "overrides" of @anthropic-ai/sdk, from packed tarballs.
 *
 *   node prepare.mjs original dropin
 */
import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = fileURLToPath(new URL('.', import.meta.url));
const root = join(here, '../..');
const work = join(here, '.work');
const npm = (args, cwd) =>
  execFileSync('npm', args, { cwd, stdio: ['ignore', 'pipe', 'inherit'], encoding: 'utf8' });

const { dependencies } = JSON.parse(readFileSync(join(here, 'package.json'), 'utf8'));

for (const variant of process.argv.slice(2)) prepare(variant);

function prepare(variant) {
  const folder = join(work, variant);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const project = {
    private: true,
    type: 'module',
    dependencies,
    ...(variant === 'dropin' ? dropin() : {}),
  };
  writeFileSync(join(folder, 'package.json'), JSON.stringify(project, null, 2));
  // Peers of these libraries contradict each other; scripts of theirs aren't needed.
  npm(['install', '--no-audit', '--no-fund', '--ignore-scripts', '--legacy-peer-deps'], folder);
  cpSync(join(here, 'clients'), join(folder, 'clients'), { recursive: true });
  cpSync(join(here, 'cells.mjs'), join(folder, 'cells.mjs'));
}

/** Tarballs, as npm would publish them. */
function dropin() {
  const pack = (from) => {
    const [{ filename }] = JSON.parse(
      npm(['pack', '--json', '--ignore-scripts', '--pack-destination', work], from),
    );
    return `file:${join(work, filename)}`;
  };
  const sdk = pack(join(root, 'packages/anthropic-sdk'));
  const millrace = pack(root);
  return {
    dependencies: { ...dependencies, '@anthropic-ai/sdk': sdk, millrace },
    overrides: { '@anthropic-ai/sdk': '$@anthropic-ai/sdk', millrace: '$millrace' },
  };
}
