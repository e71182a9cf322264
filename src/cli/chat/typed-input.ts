import { type Interrupter, interruptOnSignals } from '../answer/interruption.js';
import { SIGNAL_CODES } from '../exit-codes.js';
import type { Printer } from '../printer.js';
import type { Terminal } from '../terminal.js';
import type { TerminalArea } from '../terminal-area.js';
import type { ChatInput } from './chat-input.js';
import { Editor } from './editor.js';
import { toEditorRows, toWindow } from './editor-rows.js';
import { type Action, KeyReader } from './key-reader.js';

/**
 * Messages that the user writes on a terminal: of several lines, edited, pasted. Ctrl-C interrupts the current
 * answer; a second Ctrl-C without a message in between ends the chat.
 */
export class TypedInput implements ChatInput {
  readonly isTerminal = true;
  readonly #terminal: Terminal;
  readonly #screen: Printer;
  readonly #area: TerminalArea;
  readonly #editor: Editor;
  readonly #keys = new KeyReader();
  readonly #messages: string[] = [];
  readonly #undo: (() => void)[] = [];
  #wake: (() => void) | undefined;
  #hasEnded = false;
  #interrupts = 0;
  #interrupter: Interrupter | undefined;
  endCode: number | undefined;

  /** @param earlier messages that the arrow keys show, the latest last. */
  constructor(terminal: Terminal, earlier: readonly string[]) {
    this.#terminal = terminal;
    this.#screen = terminal.stdout.canRedraw ? terminal.stdout : terminal.stderr;
    this.#area = this.#screen.createArea();
    this.#editor = new Editor(earlier);
    this.#listen();
    this.#start();
  }

  async next(): Promise<string | undefined> {
    if (this.#messages.length === 0 && !this.#hasEnded) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
        this.#draw();
      });
      this.#wake = undefined;
    }
    const message = this.#hasEnded ? undefined : this.#messages.shift();
    const columns = this.#columns;
    if (message === undefined) this.#area.clear();
    else this.#area.finish(toEditorRows(message, message.length, columns).rows);
    return message;
  }

  async runInterruptible<T>(task: (interrupter: Interrupter) => Promise<T>): Promise<T> {
    const interrupter = interruptOnSignals(this.#terminal);
    this.#interrupter = interrupter;
    try {
      return await task(interrupter);
    } finally {
      interrupter.release();
      this.#interrupter = undefined;
    }
  }

  close(): void {
    this.#stop();
    for (const undo of this.#undo) undo();
    this.#terminal.stdin.pause();
  }

  #listen(): void {
    const { stdin } = this.#terminal;
    const onData = (chunk: string): void => this.#read(chunk);
    const onEnd = (): void => this.#end(undefined);
    const onTerm = (): void => this.#end(SIGNAL_CODES.SIGTERM);
    // Whatever ends the process, the shell must not get a terminal that marks pastes.
    const onExit = (): void => this.#stop();
    stdin.setEncoding('utf8').on('data', onData).on('end', onEnd);
    this.#terminal.on('SIGTERM', onTerm).on('exit', onExit);
    this.#undo.push(
      () => stdin.off('data', onData).off('end', onEnd),
      () => this.#terminal.off('SIGTERM', onTerm).off('exit', onExit),
      this.#screen.onResize(() => this.#draw()),
    );
  }

  #start(): void {
    this.#terminal.stdin.setRawMode?.(true);
    this.#terminal.stdin.resume();
    this.#area.marksPastes = true;
  }

  #stop(): void {
    this.#area.marksPastes = false;
    this.#terminal.stdin.setRawMode?.(false);
  }

  #read(chunk: string): void {
    for (const key of this.#keys.push(chunk)) {
      if ('text' in key) this.#editor.insert(key.text);
      else this.#act(key.action);
    }
    this.#draw();
  }

  #act(action: Action): void {
    if (action === 'submit') this.#submit();
    else if (action === 'interrupt') this.#interrupt();
    else if (action === 'suspend') this.#suspend();
    else if (action === 'clear screen') this.#area.clearScreen();
    else if (action !== 'end of input') this.#editor.apply(action);
    else if (this.#editor.text === '') this.#end(undefined);
    else this.#editor.apply('delete after');
  }

  #submit(): void {
    if (this.#editor.continueLine()) return;
    this.#interrupts = 0;
    this.#messages.push(this.#editor.take());
    this.#wake?.();
  }

  #end(code: number | undefined): void {
    this.#hasEnded = true;
    this.endCode ??= code;
    this.#wake?.();
  }

  #interrupt(): void {
    this.#interrupts++;
    this.#interrupter?.interrupt({ code: SIGNAL_CODES.SIGINT, isQuiet: false });
    if (this.#interrupts > 1) this.#end(SIGNAL_CODES.SIGINT);
    else if (this.#wake !== undefined) this.#discard();
  }

  /** Discards what was typed, as a shell does. */
  #discard(): void {
    const { text } = this.#editor;
    this.#editor.clear();
    this.#area.finish(toEditorRows(text, text.length, this.#columns).rows);
    this.#terminal.stderr.printLine('Press Ctrl-C again or type /exit to leave.', true);
  }

  #suspend(): void {
    this.#stop();
    this.#terminal.once('SIGCONT', () => {
      this.#start();
      this.#draw();
    });
    this.#terminal.suspend();
  }

  /** Shows the message that is being written; not while something else is printed. */
  #draw(): void {
    if (this.#wake === undefined || this.#hasEnded || this.#messages.length > 0) return;
    const { text, cursor } = this.#editor;
    this.#area.draw(toWindow(toEditorRows(text, cursor, this.#columns), this.#screen.height));
  }

  get #columns(): number {
    return this.#screen.columns ?? 80;
  }
}
