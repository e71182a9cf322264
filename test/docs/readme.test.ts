import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { runsSnippets } from './runs-snippets.js';
import { snippetsOf } from './snippets.js';

const snippets = snippetsOf('README.md');

describe('the snippets of the README', () => {
  it('are there', () => {
    expect(snippets.length).toBeGreaterThan(4);
  });

  runsSnippets('README.md', snippets);
});

it('opens with two commands, each a block of one line', () => {
  const text = readFileSync(new URL('../../README.md', import.meta.url), 'utf8');
  const blocks = [...text.matchAll(/^```sh\n(.*?)^```/gms)].map(([, code = '']) => code.trim());
  expect(blocks.slice(0, 2)).toEqual([
    'npm ci && npm run build && npx millrace "Write a story"',
    'npm ci && npm test',
  ]);
});
