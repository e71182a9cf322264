import { createInterface, type Interface } from 'node:readline';
import { type Interrupter, interruptOnSignals } from '../answer/interruption.js';
import { SIGNAL_CODES } from '../exit-codes.js';
import type { Terminal } from '../terminal.js';
import type { MuteableOutput } from './muteable-output.js';

const PROMPT = '> ';

/**
 * The lines that the user of a chat writes: on a terminal with a prompt, or from a pipe. Ctrl-C
 * interrupts the current answer; a second Ctrl-C without a line in between ends the chat.
 */
export class ChatLines {
  readonly isTerminal: boolean;
  readonly #terminal: Terminal;
  readonly #output: MuteableOutput | undefined;
  readonly #reader: Interface;
  readonly #lines: string[] = [];
  #wake: () => void = () => {};
  #hasEnded = false;
  #interrupts = 0;
  #interrupter: Interrupter | undefined;

  constructor(terminal: Terminal) {
    const { stdin, stdout, stderr } = terminal;
    this.#terminal = terminal;
    this.isTerminal = stdin.isTTY === true;
    this.#output = this.isTerminal
      ? (stdout.isTerminal ? stdout : stderr).createLineEditor()
      : undefined;
    this.#reader = createInterface({
      input: stdin,
      ...(this.#output === undefined ? {} : { output: this.#output }),
      terminal: this.isTerminal,
      prompt: PROMPT,
    });
    this.#reader.on('line', (line) => this.#addLine(line));
    this.#reader.on('close', () => this.#end());
    this.#reader.on('SIGINT', () => this.#interrupt());
  }

  /** Whether Ctrl-C ended the chat. */
  get isInterrupted(): boolean {
    return this.#interrupts > 1;
  }

  /** The next line; undefined after the last one. */
  async next(): Promise<string | undefined> {
    if (!this.#hasEnded && this.#lines.length === 0) {
      if (this.isTerminal) this.#reader.prompt(true);
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
    return this.isInterrupted ? undefined : this.#lines.shift();
  }

  /** Runs a task that Ctrl-C and signals interrupt. What is typed meanwhile is shown after it. */
  async runInterruptible<T>(task: (interrupter: Interrupter) => Promise<T>): Promise<T> {
    const interrupter = interruptOnSignals(this.#terminal);
    this.#interrupter = interrupter;
    if (this.#output !== undefined) this.#output.isMuted = true;
    try {
      return await task(interrupter);
    } finally {
      interrupter.release();
      this.#interrupter = undefined;
      if (this.#output !== undefined) this.#output.isMuted = false;
    }
  }

  close(): void {
    this.#reader.close();
    this.#output?.end();
  }

  #addLine(line: string): void {
    this.#interrupts = 0;
    this.#lines.push(line);
    this.#wake();
  }

  #end(): void {
    this.#hasEnded = true;
    this.#wake();
  }

  #interrupt(): void {
    this.#interrupts++;
    this.#interrupter?.interrupt({ code: SIGNAL_CODES.SIGINT, isQuiet: false });
    if (this.isInterrupted) this.#reader.close();
    else if (this.#interrupter === undefined) this.#clearLine();
  }

  /** Discards what was typed, as a shell does. */
  #clearLine(): void {
    this.#terminal.stderr.print('\nPress Ctrl-C again or type /exit to leave.\n');
    this.#reader.write(null, { ctrl: true, name: 'e' });
    this.#reader.write(null, { ctrl: true, name: 'u' });
    this.#reader.prompt();
  }
}
