import { cellWidth } from '../layout/cell-width.js';
import { WordWrap } from '../layout/word-wrap.js';
import { addSpan, type Span, type Style } from '../styled.js';
import { Inline } from './inline.js';

/** More columns are no table that a terminal can show. */
const MAX_COLUMNS = 40;
const MIN_WIDTH = 3;
const SEPARATOR = ' │ ';

/** The row under the head, such as `|---|:-:|`. */
export function isDelimiterRow(line: string): boolean {
  const cells = toCells(line);
  return cells.length > 0 && cells.every((cell) => /^:?-+:?$/.test(cell));
}

/**
 * The rows of a Markdown table as lines of a terminal: columns are aligned, and wrapped if they don't fit. Rows
 * without a delimiter row are returned as they are.
 */
export function toTable(rows: readonly string[], width: number): Span[][] {
  const [head = '', delimiters = '', ...body] = rows;
  const aligned = toCells(delimiters);
  const count = aligned.length;
  const widest = Math.floor((width + SEPARATOR.length) / (MIN_WIDTH + SEPARATOR.length));
  if (!isDelimiterRow(delimiters) || count > Math.min(MAX_COLUMNS, widest)) return asTheyAre(rows);
  const cells = [head, ...body].map((row, at) => toRow(row, count, at === 0 ? ['bold'] : []));
  const widths = fitColumns(cells, count, width - SEPARATOR.length * (count - 1));
  const [top = [], ...rest] = cells.map((row) => toLines(row, widths, aligned));
  const rule = widths.map((one) => '─'.repeat(one)).join('─┼─');
  return [...top, [{ text: rule, styles: ['dim'] }], ...rest.flat()];
}

const asTheyAre = (rows: readonly string[]): Span[][] =>
  rows.map((text) => (text === '' ? [] : [{ text, styles: [] }]));

type Cell = readonly Span[];

/** A pipe after a backslash, or in code, belongs to its cell. */
function toCells(line: string): string[] {
  const cells: string[] = [''];
  const inner = line.trim().replace(/^\|/, '');
  for (const [part] of inner.matchAll(/\\.|`[^`]*`|[^\\`|]+|[\\`|]/g)) {
    if (part === '|') cells.push('');
    else cells[cells.length - 1] += part === '\\|' ? '|' : part;
  }
  if (cells.at(-1)?.trim() === '') cells.pop();
  return cells.map((cell) => cell.trim());
}

function toRow(line: string, count: number, styles: readonly Style[]): Cell[] {
  const cells = toCells(line).map((cell) => toSpans(cell.replace(/<br ?\/?>/g, ' '), styles));
  return Array.from({ length: count }, (_, at) => cells[at] ?? []);
}

function toSpans(text: string, styles: readonly Style[]): Span[] {
  const spans: Span[] = [];
  const inline = new Inline((part, more) => addSpan(spans, part, [...styles, ...more]));
  for (const character of text) inline.push(character);
  inline.end();
  return spans;
}

const widthOf = (cell: Cell): number => cell.reduce((sum, { text }) => sum + cellWidth(text), 0);

/** The widths of the columns: the widest become narrower until all fit. */
function fitColumns(rows: readonly Cell[][], count: number, space: number): number[] {
  const widths = new Array<number>(count).fill(MIN_WIDTH);
  for (const row of rows) {
    for (const [at, cell] of row.entries()) {
      widths[at] = Math.min(Math.max(widths[at] ?? 0, widthOf(cell)), MAX_WIDTH);
    }
  }
  let excess = widths.reduce((sum, one) => sum + one, 0) - space;
  for (; excess > 0; excess--) {
    const widest = widths.indexOf(Math.max(...widths));
    if ((widths[widest] ?? 0) <= MIN_WIDTH) break;
    widths[widest] = (widths[widest] ?? 0) - 1;
  }
  return widths;
}

/** Of a column on a terminal of any width. */
const MAX_WIDTH = 1_000;

function toLines(
  row: readonly Cell[],
  widths: readonly number[],
  aligned: readonly string[],
): Span[][] {
  const wrapped = row.map((cell, at) => wrapCell(cell, widths[at] ?? 0));
  const height = Math.max(...wrapped.map((lines) => lines.length));
  return Array.from({ length: height }, (_, line) =>
    wrapped.flatMap((lines, at) => {
      const isLast = at === wrapped.length - 1;
      const cell = align(lines[line] ?? [], widths[at] ?? 0, aligned[at] ?? '', isLast);
      return at === 0 ? cell : [{ text: SEPARATOR, styles: ['dim'] as const }, ...cell];
    }),
  );
}

function wrapCell(cell: Cell, width: number): Span[][] {
  const wrap = new WordWrap({ width: () => width, breaksWords: true });
  for (const { text, styles } of cell) wrap.add(text, styles);
  wrap.flush();
  const lines: Span[][] = [[]];
  for (const { text, styles } of wrap.take()) {
    text.split('\n').forEach((part, at) => {
      if (at > 0) lines.push([]);
      addSpan(lines.at(-1) as Span[], part, styles);
    });
  }
  return lines;
}

function align(cell: Cell, width: number, delimiter: string, isLast: boolean): Span[] {
  const free = Math.max(0, width - widthOf(cell));
  const left = /^-+:$/.test(delimiter) ? free : /^:-+:$/.test(delimiter) ? free >> 1 : 0;
  const right = isLast ? 0 : free - left;
  return [
    ...(left > 0 ? [{ text: ' '.repeat(left), styles: [] }] : []),
    ...cell,
    ...(right > 0 ? [{ text: ' '.repeat(right), styles: [] }] : []),
  ];
}
