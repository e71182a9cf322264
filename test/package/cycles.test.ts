import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, posix } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

const src = fileURLToPath(new URL('../../src/', import.meta.url));

/** Imports and exports, of types too, and `import()`, also as a type. */
const SPECIFIER = /(?:\bfrom\s*|\bimport\s*\(?\s*)'(\.[^']+)\.js'/g;

/** The files that each file imports. */
type Imports = ReadonlyMap<string, readonly string[]>;

function readImports(): Imports {
  const files = readdirSync(src, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts'))
    .map((file) => file.replaceAll('\\', '/'));
  return new Map(
    files.map((file) => {
      const text = readFileSync(join(src, file), 'utf8');
      const targets = [...text.matchAll(SPECIFIER)].map(([, specifier]) =>
        posix.join(dirname(file), `${specifier}.ts`),
      );
      return [file, targets];
    }),
  );
}

/** The groups of files that can reach each other, sorted (strongly connected components). */
function findCycles(imports: Imports): string[][] {
  const reached = new Map([...imports.keys()].map((file) => [file, reachableFrom(file, imports)]));
  const cycles = new Map<string, string[]>();
  for (const [file, targets] of reached) {
    if (!targets.has(file)) continue;
    const cycle = [...targets].filter((target) => reached.get(target)?.has(file)).sort();
    cycles.set(cycle.join(), cycle);
  }
  return [...cycles.values()].sort();
}

function reachableFrom(file: string, imports: Imports): Set<string> {
  const reached = new Set<string>();
  const open = [...(imports.get(file) ?? [])];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    if (reached.has(next)) continue;
    reached.add(next);
    open.push(...(imports.get(next) ?? []));
  }
  return reached;
}

it('no file imports itself through others, types included', () => {
  const imports = readImports();
  expect([...imports.values()].flat().length).toBeGreaterThan(1000);
  expect(findCycles(imports)).toEqual([]);
});

it('finds cycles of any length, once each', () => {
  const imports = new Map([
    ['a', ['b']],
    ['b', ['c', 'b']],
    ['c', ['a', 'd']],
    ['d', ['e']],
    ['e', ['d', 'f']],
    ['f', []],
    ['g', ['g']],
  ]);
  expect(findCycles(imports)).toEqual([['a', 'b', 'c'], ['d', 'e'], ['g']]);
});
