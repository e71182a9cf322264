import { describe, expect, it } from 'vitest';
import { cellWidth } from '../../../src/cli/layout/cell-width.js';
import { toTable } from '../../../src/cli/markdown/table.js';

const shown = (rows: readonly string[], width = 40): string[] =>
  toTable(rows, width).map((spans) =>
    spans
      .map(({ text }) => text)
      .join('')
      .trimEnd(),
  );

describe('a table', () => {
  it('has aligned columns, also of wide characters', () => {
    expect(shown(['| a | number |', '|---|------:|', '| 水車 | 1 |', '| **b** | 1,234 |'])).toEqual(
      ['a    │ number', '─────┼───────', '水車 │      1', 'b    │  1,234'],
    );
  });

  it('keeps pipes in code and after a backslash', () => {
    expect(shown(['|a|b|', '|-|-|', '|`x|y`|c\\|d|'])[2]).toBe('x|y │ c|d');
  });

  it('fills in missing cells and drops extra ones', () => {
    expect(shown(['|a|b|', '|-|-|', '|1|', '|1|2|3|']).slice(2)).toEqual(['1   │', '1   │ 2']);
  });

  it('wraps cells where it is too wide', () => {
    const rows = shown(['|a|b|', '|-|-|', '|one two three four|five six seven eight|'], 21);
    expect(Math.max(...rows.map(cellWidth))).toBeLessThanOrEqual(21);
    expect(rows).toEqual([
      'a         │ b',
      '──────────┼──────────',
      'one two   │ five six',
      'three     │ seven',
      'four      │ eight',
    ]);
  });

  it.each([
    ['without a delimiter row', ['|a|b|', '|c|d|']],
    ['with more columns than fit', ['|a|b|c|d|e|f|g|h|', '|-|-|-|-|-|-|-|-|']],
  ])('%s is shown as it is', (_, rows) => {
    expect(shown(rows)).toEqual(rows);
  });

  it('may have very many rows', () => {
    const rows = ['|a|b|', '|-|-|', ...new Array<string>(200_000).fill('|1|2|')];
    expect(toTable(rows, 80)).toHaveLength(200_002);
  });
});
