import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { rolldown } from 'rolldown';
import { expect, it } from 'vitest';
import { VERSION } from '../../src/version.js';

const root = new URL('../../', import.meta.url);
const read = (path: string): string => readFileSync(new URL(path, root), 'utf8');
const manifest = JSON.parse(read('package.json'));

/** What a declaration file of dist/ exports, following its `export *`. */
function exportsOf(file: URL): string[] {
  const text = readFileSync(file, 'utf8');
  const names: string[] = [];
  for (const [, from] of text.matchAll(/^export (?:type )?\* from '([^']+)'/gm)) {
    names.push(...exportsOf(new URL((from ?? '').replace(/\.js$/, '.d.ts'), file)));
  }
  for (const [, list] of text.matchAll(/^export (?:type )?\{([^}]*)\}/gm)) {
    for (const item of (list ?? '').split(',')) {
      const name = item
        .trim()
        .replace(/^type /, '')
        .split(' as ')
        .at(-1)
        ?.trim();
      if (name) names.push(name);
    }
  }
  const declared =
    /^export (?:declare )?(?:abstract )?(?:class|const|function|interface|type|enum) (\w+)/gm;
  for (const [, name] of text.matchAll(declared)) if (name) names.push(name);
  return names;
}

type Entry = Record<'types' | 'default', string>;
const entries = Object.entries(manifest.exports as Record<string, Entry | string>).filter(
  (entry): entry is [string, Entry] => typeof entry[1] !== 'string',
);

it.each(entries)('%s exports what it did', async (entry, { types, default: file }) => {
  const names = [...new Set(exportsOf(new URL(types, root)))].sort();
  const values = Object.keys(await import(new URL(file, root).href)).sort();
  const list = names.map((name) => (values.includes(name) ? name : `type ${name}`)).join('\n');
  const snapshot = `exports/${entry === '.' ? 'index' : entry.slice(2)}.txt`;
  await expect(`${list}\n`).toMatchFileSnapshot(snapshot);
  expect(values.filter((name) => !names.includes(name))).toEqual([]);
});

it('knows its own version', () => {
  expect(VERSION).toBe(manifest.version);
});

it('has no runtime dependency', () => {
  expect(manifest.dependencies).toBeUndefined();
});

/** Test runners for pages, such as Jest with jsdom, lack some of these. */
const GLOBALS = [
  'TextDecoder',
  'TextEncoder',
  'Response',
  'Headers',
  'Request',
  'fetch',
  'ReadableStream',
  'TransformStream',
  'AbortController',
  'structuredClone',
  'SharedArrayBuffer',
];

it.each(entries)('%s can be imported where much is missing', async (_, { default: file }) => {
  const code = `
    for (const name of ${JSON.stringify(GLOBALS)}) delete globalThis[name];
    await import(${JSON.stringify(new URL(file, root).href)});
    console.log(${JSON.stringify(GLOBALS)}.filter((name) => name in globalThis).length);`;
  const args = ['--input-type=module', '--eval', code];
  expect((await promisify(execFile)(process.execPath, args)).stdout).toBe('0\n');
});

it.each(entries)(
  '%s is bundled for a page without anything of Node',
  async (_, { default: file }) => {
    const bundle = await rolldown({
      input: fileURLToPath(new URL(file, root)),
      platform: 'browser',
      tsconfig: false,
    });
    const { output } = await bundle.generate();
    const imported = output.flatMap((it) =>
      it.type === 'chunk' ? [...it.imports, ...it.dynamicImports] : [],
    );
    const files = output.map((it) => it.fileName);
    expect(imported.filter((name) => !files.includes(name))).toEqual([]);
    for (const it of output) if (it.type === 'chunk') expect(it.code).not.toMatch(/import\(.node:/);
  },
);
