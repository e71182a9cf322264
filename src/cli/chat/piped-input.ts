import { createInterface, type Interface } from 'node:readline';
import { type Interrupter, interruptOnSignals } from '../answer/interruption.js';
import type { Terminal } from '../terminal.js';
import type { ChatInput } from './chat-input.js';
import { PROMPT } from './editor-rows.js';

/** Opens and closes a message of several lines. */
const QUOTES = '"""';

/**
 * Messages from a pipe, or from a terminal that can't draw: each line is one. A backslash at its end continues it
 * on the next line, and lines between two lines of `"""` are one message.
 */
export class PipedInput implements ChatInput {
  readonly isTerminal: boolean;
  readonly endCode = undefined;
  readonly #terminal: Terminal;
  readonly #reader: Interface;
  readonly #lines: AsyncIterator<string>;

  constructor(terminal: Terminal) {
    this.#terminal = terminal;
    this.isTerminal = terminal.stdin.isTTY === true;
    this.#reader = createInterface({ input: terminal.stdin, terminal: false });
    this.#lines = this.#reader[Symbol.asyncIterator]();
  }

  async next(): Promise<string | undefined> {
    if (this.isTerminal) this.#terminal.stderr.print(PROMPT);
    const line = await this.#nextLine();
    if (line === undefined) return undefined;
    return line.trim() === QUOTES ? this.#readQuoted() : this.#readContinued(line);
  }

  runInterruptible<T>(task: (interrupter: Interrupter) => Promise<T>): Promise<T> {
    const interrupter = interruptOnSignals(this.#terminal);
    return task(interrupter).finally(() => interrupter.release());
  }

  close(): void {
    this.#reader.close();
  }

  async #nextLine(): Promise<string | undefined> {
    const { done, value } = await this.#lines.next();
    return done ? undefined : value;
  }

  async #readContinued(first: string): Promise<string> {
    let message = first;
    while (/(?<!\\)\\$/.test(message)) {
      message = `${message.slice(0, -1)}\n${(await this.#nextLine()) ?? ''}`;
    }
    return message;
  }

  async #readQuoted(): Promise<string> {
    const lines: string[] = [];
    for (;;) {
      const line = await this.#nextLine();
      if (line === undefined || line.trim() === QUOTES) return lines.join('\n');
      lines.push(line);
    }
  }
}
