/** Rows at the bottom of a terminal that are drawn in place, and where the cursor is in them. */
export interface Drawing {
  /** Safe to print, and none wider than the terminal. */
  readonly rows: readonly string[];
  readonly row: number;
  readonly column: number;
}

/** An area of a terminal that is drawn again and again, such as the message that the user writes. */
export class TerminalArea {
  readonly #write: (text: string) => void;
  /** The row of the cursor, from the first row of the area. */
  #row = 0;

  constructor(write: (text: string) => void) {
    this.#write = write;
  }

  draw({ rows, row, column }: Drawing): void {
    const up = rows.length - 1 - row;
    const moves = [up > 0 ? `\x1b[${up}A` : '', '\r', column > 0 ? `\x1b[${column}C` : ''];
    this.#write(`${this.#toStart()}${rows.join('\r\n')}${moves.join('')}`);
    this.#row = row;
  }

  /** Draws it for the last time: what follows is below it. */
  finish(rows: readonly string[]): void {
    this.#write(`${this.#toStart()}${rows.join('\r\n')}\r\n`);
    this.#row = 0;
  }

  /** Removes it. */
  clear(): void {
    this.#write(this.#toStart());
    this.#row = 0;
  }

  clearScreen(): void {
    this.#write('\x1b[H\x1b[2J');
    this.#row = 0;
  }

  /** Lets the terminal mark what is pasted. */
  set marksPastes(isOn: boolean) {
    this.#write(`\x1b[?2004${isOn ? 'h' : 'l'}`);
  }

  #toStart(): string {
    return `\r${this.#row > 0 ? `\x1b[${this.#row}A` : ''}\x1b[J`;
  }
}
