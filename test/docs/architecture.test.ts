import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

/* ARCHITECTURE.md names files, classes and functions: each of them must exist, and every part of src/ must be in its layers. */

const root = fileURLToPath(new URL('../../', import.meta.url));
const read = (path: string): string => readFileSync(`${root}${path}`, 'utf8');

const filesIn = (folder: string): string[] =>
  readdirSync(`${root}${folder}`, { withFileTypes: true }).flatMap((entry) => {
    const { name } = entry;
    if (name === 'node_modules' || name === 'dist' || name.startsWith('.')) return [];
    return entry.isDirectory() ? filesIn(`${folder}/${name}`) : [`${folder}/${name}`];
  });
const files = ['src', 'inspector', 'packages', 'test', 'scripts'].flatMap(filesIn);
const code = files
  .filter((file) => /\.(?:[cm]?tsx?|mjs)$/.test(file))
  .map(read)
  .join('\n');

const [prose = '', layers = '', ...rest] = read('ARCHITECTURE.md').split(/^```$/m);
const spans = [...[prose, ...rest].join('').matchAll(/`([^`]+)`/g)].map(([, span]) => `${span}`);
const isPath = (span: string): boolean => /^[\w.-]+(?:\/[\w.-]+)*(?:\/|\.[cm]?[jt]s)$/.test(span);

/** What the build writes. */
const BUILT = ['index.d.cts', 'browser.js'];

it('names files and folders that exist', () => {
  const paths = spans.filter((span) => isPath(span) && !BUILT.includes(span));
  expect(paths.length).toBeGreaterThan(40);
  const isThere = (path: string): boolean =>
    files.some((file) => `/${file}`.endsWith(`/${path}`) || `/${file}`.includes(`/${path}`));
  expect(paths.filter((path) => !isThere(path))).toEqual([]);
});

it('names classes and functions that exist', () => {
  const names = spans.filter((span) => /^[A-Za-z]\w+(?:\.\w+)?(?:\(\))?$/.test(span));
  expect(names.length).toBeGreaterThan(100);
  const words = new Set(code.match(/\w+/g));
  const isThere = (name: string): boolean => (name.match(/\w+/g) ?? []).every((w) => words.has(w));
  expect(names.filter((name) => !isThere(name))).toEqual([]);
});

it('has every file and folder of src/ in the layers', () => {
  const parts = readdirSync(`${root}src`, { withFileTypes: true }).map((entry) =>
    entry.isDirectory() ? `${entry.name}/` : entry.name,
  );
  const listed = new Set(layers.match(/[\w-]+(?:\/|\.c?ts|\.cjs)/g));
  expect(parts.filter((part) => !listed.has(part))).toEqual([]);
});
