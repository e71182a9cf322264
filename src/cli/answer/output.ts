import { type Terminal, write } from '../terminal.js';
import type { StatusLine } from './status-line.js';
import { isStyled, PLAIN, STYLED, type Style, visible } from './style.js';

/** Stdout, for one answer: the first word on it takes the status line away. */
export class Output {
  readonly isTerminal: boolean;
  /** Whether the terminal is to show more than plain text. */
  readonly isStyled: boolean;
  readonly style: Style;
  readonly #terminal: Terminal;
  readonly #status: StatusLine;
  readonly #signal: AbortSignal;
  #last = '\n';

  constructor(terminal: Terminal, status: StatusLine, signal: AbortSignal) {
    this.#terminal = terminal;
    this.#status = status;
    this.#signal = signal;
    this.isTerminal = terminal.stdout.isTTY === true;
    this.isStyled = isStyled(terminal.stdout, terminal.env);
    this.style = this.isStyled ? STYLED : PLAIN;
  }

  /** A text of the model as it may be shown: a terminal would obey what a pipe passes on. */
  toVisible(text: string): string {
    return this.isTerminal ? visible(text) : text;
  }

  async write(text: string): Promise<void> {
    if (text === '') return;
    this.#status.clear();
    this.#last = text;
    await write(this.#terminal.stdout, text, this.#signal);
  }

  /** Leaves the cursor at the start of a line. */
  async startLine(): Promise<void> {
    if (!this.#last.endsWith('\n')) await this.write('\n');
  }
}
