import { createInterface, type Interface } from 'node:readline';
import { type Stop, stopOnSignals } from '../answer/stop.js';
import { SIGNAL_CODES } from '../exit-codes.js';
import type { Terminal } from '../terminal.js';
import { MutableScreen } from './mutable-screen.js';

const PROMPT = '> ';

/**
 * What the user of a chat writes, line by line: on a terminal with a prompt, or from a pipe. Ctrl-C
 * stops the answer that is being written; once more, with no line between, and the chat is over.
 */
export class ChatLines {
  readonly isTerminal: boolean;
  readonly #terminal: Terminal;
  readonly #screen: MutableScreen | undefined;
  readonly #reader: Interface;
  readonly #lines: string[] = [];
  #wake: () => void = () => {};
  #isOver = false;
  #interrupts = 0;
  #stop: Stop | undefined;

  constructor(terminal: Terminal) {
    const { stdin, stdout, stderr } = terminal;
    this.#terminal = terminal;
    this.isTerminal = stdin.isTTY === true;
    this.#screen = this.isTerminal ? new MutableScreen(stdout.isTTY ? stdout : stderr) : undefined;
    this.#reader = createInterface({
      input: stdin,
      ...(this.#screen === undefined ? {} : { output: this.#screen }),
      terminal: this.isTerminal,
      prompt: PROMPT,
    });
    this.#reader.on('line', (line) => this.#take(line));
    this.#reader.on('close', () => this.#end());
    this.#reader.on('SIGINT', () => this.#interrupt());
  }

  /** Whether Ctrl-C ended it. */
  get isInterrupted(): boolean {
    return this.#interrupts > 1;
  }

  /** The next line; undefined where there is none any more. */
  async next(): Promise<string | undefined> {
    if (!this.#isOver && this.#lines.length === 0) {
      if (this.isTerminal) this.#reader.prompt(true);
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
    return this.isInterrupted ? undefined : this.#lines.shift();
  }

  /** Lets an answer be written that can be stopped. What is typed meanwhile is shown after it. */
  async during<T>(write: (stop: Stop) => Promise<T>): Promise<T> {
    this.#stop = stopOnSignals(this.#terminal);
    if (this.#screen !== undefined) this.#screen.isMuted = true;
    try {
      return await write(this.#stop);
    } finally {
      this.#stop.release();
      this.#stop = undefined;
      if (this.#screen !== undefined) this.#screen.isMuted = false;
    }
  }

  close(): void {
    this.#reader.close();
    this.#screen?.end();
  }

  #take(line: string): void {
    this.#interrupts = 0;
    this.#lines.push(line);
    this.#wake();
  }

  #end(): void {
    this.#isOver = true;
    this.#wake();
  }

  #interrupt(): void {
    this.#interrupts++;
    this.#stop?.now({ code: SIGNAL_CODES.SIGINT, isQuiet: false });
    if (this.isInterrupted) this.#reader.close();
    else if (this.#stop === undefined) this.#promptAnew();
  }

  /** What was typed is given up, as in a shell. */
  #promptAnew(): void {
    this.#terminal.stderr.write('\nCtrl-C again, or /exit, leaves.\n');
    this.#reader.write(null, { ctrl: true, name: 'e' });
    this.#reader.write(null, { ctrl: true, name: 'u' });
    this.#reader.prompt();
  }
}
