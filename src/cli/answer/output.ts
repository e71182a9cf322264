import { type Terminal, write } from '../terminal.js';
import type { StatusLine } from './status-line.js';
import { isStyled, PLAIN, replaceControls, STYLED, type Style } from './style.js';

/** Stdout, for one answer: the first text on it clears the status line. */
export class Output {
  readonly isTerminal: boolean;
  /** Whether it is a terminal that shows styles. */
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

  /** Text of the model that is safe to print: a terminal would execute its escape codes, a pipe doesn't. */
  toVisible(text: string): string {
    return this.isTerminal ? replaceControls(text) : text;
  }

  async write(text: string): Promise<void> {
    if (text === '') return;
    this.#status.clear();
    this.#last = text;
    await write(this.#terminal.stdout, text, this.#signal);
  }

  /** Moves the cursor to the start of a line. */
  async startLine(): Promise<void> {
    if (!this.#last.endsWith('\n')) await this.write('\n');
  }
}
