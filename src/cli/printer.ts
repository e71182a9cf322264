import { toPrintable } from '../index.js';
import { type Styled, styled, toEscapeCodes } from './styled.js';
import { TerminalArea } from './terminal-area.js';

/** A longer line is cut: a server can put megabytes into what a line shows. */
const MAX_LINE = 10_000;

/**
 * Stdout or stderr: the only place where the command prints. Text can come from the model, a server, a file or
 * another program, so characters that a terminal would obey are replaced in all of it.
 */
export class Printer {
  readonly isTerminal: boolean;
  /** Whether it is a terminal that shows more than plain text (https://no-color.org). */
  readonly isStyled: boolean;
  /** Whether it is a terminal on which a line can be drawn again. */
  readonly canRedraw: boolean;
  readonly #stream: NodeJS.WriteStream;

  constructor(stream: NodeJS.WriteStream, env: NodeJS.ProcessEnv) {
    this.#stream = stream;
    this.isTerminal = stream.isTTY === true;
    this.canRedraw = this.isTerminal && env.TERM !== 'dumb';
    this.isStyled = this.canRedraw && !env.NO_COLOR;
  }

  /** The width of the terminal in characters; undefined if it isn't one, or isn't known. */
  get columns(): number | undefined {
    return (this.isTerminal && this.#stream.columns) || undefined;
  }

  /** Prints a text of several lines. */
  print(text: string): void {
    this.#stream.write(toPrintable(text));
  }

  /** Prints one line: line breaks within it are shown as spaces. */
  printLine(text: string, isDim = false): void {
    const line = toLine(text);
    this.#stream.write(`${this.#render(isDim ? styled(line, 'dim') : line)}\n`);
  }

  /**
   * Writes the answer: into a pipe byte for byte, on a terminal safe and styled. Resolves once the stream can
   * take more, so that a slow reader slows the server, or if the stream closes or the signal aborts.
   */
  async writeAnswer(text: Styled, signal?: AbortSignal): Promise<void> {
    const stream = this.#stream;
    const shown = this.isTerminal ? this.#render(text) : toText(text);
    if (stream.destroyed || stream.write(shown) || signal?.aborted) return;
    await new Promise<void>((resolve) => {
      const done = (): void => {
        stream.off('drain', done);
        stream.off('close', done);
        signal?.removeEventListener('abort', done);
        resolve();
      };
      stream.on('drain', done);
      stream.on('close', done);
      signal?.addEventListener('abort', done);
    });
  }

  /** Draws the current line of a terminal again. */
  redrawLine(text: string): void {
    // A wrapped line couldn't be cleared.
    const line = toLine(text).slice(0, Math.max(0, (this.#stream.columns || 80) - 1));
    this.#stream.write(`\r\u001b[K${this.#render(styled(line, 'dim'))}`);
  }

  /** Clears the current line of a terminal. */
  clearLine(): void {
    this.#stream.write('\r\u001b[K');
  }

  /** Where the user writes. */
  createArea(): TerminalArea {
    return new TerminalArea((text) => void this.#stream.write(text));
  }

  /** The rows of the terminal. */
  get height(): number {
    return this.#stream.rows || 24;
  }

  /** Calls a listener when the window has another size. @returns what removes it. */
  onResize(listener: () => void): () => void {
    this.#stream.on('resize', listener);
    return () => this.#stream.off('resize', listener);
  }

  /** Calls a listener when the reader of a pipe has left. @returns what removes it. */
  onBroken(listener: () => void): () => void {
    this.#stream.on('error', listener);
    return () => this.#stream.off('error', listener);
  }

  #render(text: Styled): string {
    if (typeof text === 'string') return toPrintable(text);
    const safe = text.map((span) => ({ ...span, text: toPrintable(span.text) }));
    return this.isStyled ? toEscapeCodes(safe) : toText(safe);
  }
}

function toLine(text: string): string {
  const cut = text.length > MAX_LINE ? `${text.slice(0, MAX_LINE)}…` : text;
  return toPrintable(cut).replace(/[\n\t]/g, ' ');
}

function toText(text: Styled): string {
  return typeof text === 'string' ? text : text.map((span) => span.text).join('');
}
