import { toPrintable } from '../../index.js';
import { graphemeWidth, toGraphemes } from '../layout/cell-width.js';

/** A text in the rows of a terminal. */
export interface EditorRows {
  rows: string[];
  /** Where the cursor is. */
  row: number;
  column: number;
}

export const PROMPT = '> ';
/** In front of the other lines of a message. */
const CONTINUATION = '  ';

/** The rows of a message, and the place of the cursor in them. */
export function toEditorRows(text: string, cursor: number, columns: number): EditorRows {
  const layout = new Layout(columns);
  const before = text.slice(0, cursor);
  layout.add(before);
  // The cursor can be behind the last cell of a row.
  layout.makeRoom();
  const { row, column } = layout;
  layout.add(text.slice(cursor));
  return { rows: layout.rows, row, column };
}

/** The rows around the cursor that a terminal has room for. */
export function toWindow({ rows, row, column }: EditorRows, height: number): EditorRows {
  if (rows.length <= height) return { rows, row, column };
  const start = Math.min(Math.max(0, row - height + 1), rows.length - height);
  return { rows: rows.slice(start, start + height), row: row - start, column };
}

class Layout {
  readonly rows: string[] = [PROMPT];
  readonly #columns: number;
  column = PROMPT.length;

  constructor(columns: number) {
    this.#columns = Math.max(columns, PROMPT.length + 2);
  }

  get row(): number {
    return this.rows.length - 1;
  }

  add(text: string): void {
    text.split('\n').forEach((line, at) => {
      if (at > 0) this.#startRow();
      const shown = toPrintable(line).replaceAll('\t', '    ');
      for (const grapheme of toGraphemes(shown)) this.#addGrapheme(grapheme);
    });
  }

  makeRoom(): void {
    if (this.column >= this.#columns) this.#startRow();
  }

  #addGrapheme(grapheme: string): void {
    const width = graphemeWidth(grapheme);
    if (this.column + width > this.#columns) this.#startRow();
    this.rows[this.row] += grapheme;
    this.column += width;
  }

  #startRow(): void {
    this.rows.push(CONTINUATION);
    this.column = CONTINUATION.length;
  }
}
