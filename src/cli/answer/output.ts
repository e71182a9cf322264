import type { Printer } from '../printer.js';
import type { Styled } from '../styled.js';
import type { Terminal } from '../terminal.js';
import type { StatusLine } from './status-line.js';

/** Stdout, for one answer: the first text on it clears the status line. */
export class Output {
  readonly isTerminal: boolean;
  /** Whether it is a terminal that shows styles. */
  readonly isStyled: boolean;
  readonly #stdout: Printer;
  readonly #status: StatusLine;
  readonly #signal: AbortSignal;
  #endsLine = true;

  constructor({ stdout }: Terminal, status: StatusLine, signal: AbortSignal) {
    this.#stdout = stdout;
    this.#status = status;
    this.#signal = signal;
    this.isTerminal = stdout.isTerminal;
    this.isStyled = stdout.isStyled;
  }

  /** The width of the terminal; undefined if it isn't one. */
  get columns(): number | undefined {
    return this.#stdout.columns;
  }

  /** Text of the model, as it is in a pipe, and safe to show on a terminal. */
  async write(text: Styled): Promise<void> {
    const last = typeof text === 'string' ? text : text.at(-1)?.text;
    if (!last) return;
    this.#status.clear();
    this.#endsLine = last.endsWith('\n');
    await this.#stdout.writeAnswer(text, this.#signal);
  }

  /** Moves the cursor to the start of a line. */
  async startLine(): Promise<void> {
    if (!this.#endsLine) await this.write('\n');
  }
}
