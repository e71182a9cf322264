/* The runtimes: how each is found, what version it is, and how it runs the suite. */
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { findChromium, findProgram } from '../support/find-program.mjs';
import { runInFirefox } from './run-firefox.mjs';
import { runInPage } from './run-page.mjs';
import { runProcess } from './run-process.mjs';
import { runWorker } from './run-worker.mjs';

const packages = fileURLToPath(new URL('node_modules/', import.meta.url));

/**
 * Each has `find()`, the path of its program or undefined, `version(program)`, and
 * `run(program, servers, report)`, which rejects when the runtime fails as a whole. `limits` names the cases
 * of the contract that it can't play, and why.
 */
export const runtimes = [
  ...[20, 22, 24, 26].map((major) => ({
    name: `Node ${major}`,
    find: () => existing(join(packages, `node${major}/bin/node`)) ?? ownNode(major),
    version: versionOf,
    run: runProcess(['--expose-gc']),
  })),
  {
    name: 'Bun',
    find: () => existing(join(platformPackage('bun') ?? '', 'bin/bun')),
    version: versionOf,
    run: runProcess([]),
  },
  {
    name: 'Deno',
    find: () => existing(join(platformPackage('deno') ?? '', 'deno')),
    version: versionOf,
    // Those that docs/runtimes.md names.
    run: runProcess([
      'run',
      '--allow-net',
      '--allow-read',
      '--allow-env',
      '--no-prompt',
      '--v8-flags=--expose-gc',
    ]),
  },
  {
    name: 'workerd',
    find: () => existing(join(platformPackage('workerd') ?? '', 'bin/workerd')),
    version: versionOf,
    run: runWorker,
  },
  {
    name: 'Chromium',
    find: findChromium,
    version: versionOf,
    run: runInPage,
  },
  {
    name: 'Firefox',
    find: () => findProgram('FIREFOX', ['firefox-esr', 'firefox']),
    version: versionOf,
    run: runInFirefox,
    limits: {
      'a reset right after the headers': 'its fetch waits for the first byte of the body',
    },
  },
];

function existing(path) {
  return existsSync(path) ? path : undefined;
}

/** On platforms whose Node npm does not carry, the one that runs this will do for its version. */
function ownNode(major) {
  return process.version.startsWith(`v${major}.`) ? process.execPath : undefined;
}

/** The package that a package of programs chose for this platform: the only one that npm installed. */
function platformPackage(name) {
  const require = createRequire(join(packages, name, 'package.json'));
  const { optionalDependencies } = require('./package.json');
  const [chosen] = Object.keys(optionalDependencies).filter((it) => existsSync(join(packages, it)));
  return chosen && join(packages, chosen);
}

function versionOf(program) {
  const said = execFileSync(program, ['--version'], { encoding: 'utf8', stdio: 'pipe' });
  return /\d+[.-]\d+[\d.-]*/.exec(said)[0];
}
