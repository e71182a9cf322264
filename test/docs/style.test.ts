import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { findStyleHits, proseOfCode, proseOfMarkdown } from './style-rules.js';

/*
 * The pages, the comments and the messages are written in plain, modern English. Words that make readers stumble come
 * back easily; style-rules.ts has them, with what to write instead.
 */

const root = fileURLToPath(new URL('../../', import.meta.url));

const list = (folder: string, extension: string): string[] =>
  readdirSync(`${root}${folder}`, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith(extension) && !file.includes('node_modules'))
    .map((file) => `${folder}/${file.replaceAll('\\', '/')}`);

const PAGES = [
  'README.md',
  'CONTRIBUTING.md',
  'ARCHITECTURE.md',
  'CHANGELOG.md',
  ...list('docs', '.md'),
];
const CODE = [
  ...list('src', '.ts'),
  ...list('examples', '.ts'),
  ...list('packages/anthropic-sdk/src', '.ts'),
];

/** What other texts say: the stories of the emulator, and the runs that print them. */
const QUOTED = ['src/cli/emulator/stories.ts'];

function hitsIn(file: string, toProse: (text: string) => string): string[] {
  const prose = toProse(readFileSync(`${root}${file}`, 'utf8'));
  return findStyleHits(prose).map(
    ({ line, text, write }) => `${file}:${line}: '${text}': write ${write}`,
  );
}

it('no page has a word that readers stumble over', () => {
  expect(PAGES.length).toBeGreaterThan(20);
  expect(PAGES.flatMap((file) => hitsIn(file, proseOfMarkdown))).toEqual([]);
});

it('no comment and no message has one', () => {
  const files = CODE.filter((file) => !QUOTED.includes(file));
  expect(files.length).toBeGreaterThan(100);
  expect(files.flatMap((file) => hitsIn(file, proseOfCode))).toEqual([]);
});

describe('the linter', () => {
  it('finds words and patterns, with their lines', () => {
    const prose = 'Good.\nWhoever asks anew tells somebody of ours.';
    expect(findStyleHits(prose).map(({ line, text }) => [line, text])).toEqual([
      [2, 'somebody'],
      [2, 'Whoever'],
      [2, 'anew'],
      [2, 'of ours'],
    ]);
  });

  it.each([
    ['code in Markdown', proseOfMarkdown('`anew`\n```\nanew\n```\n[a](anew.md)')],
    ['identifiers', proseOfCode('const anew = whoever; /anew/.test(x);')],
    ['code in comments', proseOfCode('/** Sends `anew`. */')],
    ['longer words', 'renewed renewal shallow thereupon'],
  ])('leaves out %s', (_, prose) => {
    expect(findStyleHits(prose)).toEqual([]);
  });

  it.each([
    ['a page', proseOfMarkdown('Text\n\n```\na\n```\nSent anew.'), 6],
    ['a comment', proseOfCode('const a = 1;\n/**\n * Sent anew.\n */'), 3],
    ['a line comment', proseOfCode("const a = 'b'; // Sent anew."), 1],
    ['a message', proseOfCode("const a = /'/;\nthrow new Error('sent anew');"), 2],
    ['a template', proseOfCode('f(`sent anew`);'), 1],
  ])('finds a word in %s', (_, prose, line) => {
    expect(findStyleHits(prose)).toMatchObject([{ line, text: 'anew' }]);
  });
});
