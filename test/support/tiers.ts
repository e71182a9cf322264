import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** The test files of each project of vitest.config.ts, found by what the files do. */
export interface Tiers {
  /** All of the others. */
  fast: string[];
  /** They replace modules or count what the process holds open: each needs its own process. */
  isolated: string[];
  /** They depend on the tier: the fast one runs a sample of what they try here. */
  exhaustive: string[];
  /** They start processes or use `dist/`, themselves or through a module of the tests. */
  built: string[];
}

export function findTiers(root: string): Tiers {
  const tests = [...testsIn(root, 'test')];
  const built = tests.filter((file) => usesBuild(join(root, file)));
  const isolated = tests.filter((file) => NEEDS_ISOLATION.test(read(join(root, file))));
  return {
    fast: tests.filter((file) => !built.includes(file) && !isolated.includes(file)),
    isolated,
    exhaustive: tests.filter((file) => importsOf(join(root, file)).some((path) => TIER.test(path))),
    built,
  };
}

/** Not those of what is installed, or put into a folder such as `.work`, which may change meanwhile. */
function* testsIn(root: string, folder: string): Generator<string> {
  for (const entry of readdirSync(join(root, folder), { withFileTypes: true })) {
    const { name } = entry;
    const path = `${folder}/${name}`;
    const isOurs = !name.startsWith('.') && name !== 'node_modules';
    if (entry.isDirectory() && isOurs) yield* testsIn(root, path);
    if (name.endsWith('.test.ts')) yield path;
  }
}

const NEEDS_ISOLATION = /\bvi\.mock\(|\bgetActiveResourcesInfo\b/;
const TIER = /\/support\/tier\.js$/;
const USES_BUILD = /'node:child_process'|\bdist\//;
const IMPORT = /\bfrom '(\.[^']+)'|\bimport '(\.[^']+)'/g;

function usesBuild(file: string, seen: Set<string> = new Set()): boolean {
  if (seen.has(file)) return false;
  seen.add(file);
  if (USES_BUILD.test(read(file))) return true;
  return importsOf(file)
    .filter((path) => !path.includes('/src/'))
    .some((path) => usesBuild(join(dirname(file), path.replace(/\.js$/, '.ts')), seen));
}

function importsOf(file: string): string[] {
  return [...read(file).matchAll(IMPORT)].map(([, from, only]) => from ?? only ?? '');
}

const texts = new Map<string, string>();

function read(file: string): string {
  const text = texts.get(file) ?? readFileSync(file, 'utf8');
  texts.set(file, text);
  return text;
}
