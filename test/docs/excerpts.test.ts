import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

const root = new URL('../../', import.meta.url);
const read = (path: string): string => readFileSync(new URL(path, root), 'utf8');

/** Code in a document that is said to be from a file: `<!-- from PATH -->`, then a fence. */
const excerpts = readdirSync(new URL('docs/', root))
  .filter((name) => name.endsWith('.md'))
  .flatMap((page) =>
    [...read(`docs/${page}`).matchAll(/^<!-- from (\S+) -->\n```\w+\n(.*?)^```/gms)].map(
      ([, path = '', code = ''], n) => ({ name: `${page} ${n + 1}`, path, code }),
    ),
  );

describe('code in documents that is from a file', () => {
  it('is there', () => {
    expect(excerpts.map(({ name }) => name)).toContain('web.md 1');
  });

  it.each(excerpts)('$name is in $path', ({ path, code }) => {
    expect(code).not.toBe('');
    expect(read(path)).toContain(code);
  });
});
