import { writeFile } from 'node:fs/promises';
import { type AnswerRequest, type AnswerResult, streamAnswer } from '../answer/stream-answer.js';
import { DONE, SIGNAL_CODES } from '../exit-codes.js';
import type { Content } from '../request/request-params.js';
import type { Terminal } from '../terminal.js';
import type { ChatLines } from './chat-lines.js';
import { Conversation } from './conversation.js';

/** What all requests of a chat share. */
export type ChatSettings = Omit<AnswerRequest, 'params'> & {
  params: Omit<AnswerRequest['params'], 'messages'>;
};

/** A conversation with the model, turn by turn. */
export class Chat {
  readonly conversation: Conversation;
  readonly #settings: ChatSettings;
  readonly #lines: ChatLines;
  readonly #terminal: Terminal;
  /** The exit code; undefined while the chat continues. */
  code: number | undefined;

  constructor(
    settings: ChatSettings,
    system: string | undefined,
    lines: ChatLines,
    terminal: Terminal,
  ) {
    this.#settings = settings;
    this.conversation = new Conversation(system);
    this.#lines = lines;
    this.#terminal = terminal;
  }

  say(line: string): void {
    this.#terminal.stderr.printLine(line);
  }

  async ask(content: Content): Promise<void> {
    const { system } = this.conversation;
    const params = {
      ...this.#settings.params,
      ...(system === undefined ? {} : { system }),
      messages: this.conversation.ask(content),
    };
    const { code, message } = await this.#lines.runInterruptible(
      (interrupter): Promise<AnswerResult> =>
        streamAnswer({ ...this.#settings, params }, this.#terminal, interrupter),
    );
    this.conversation.addAnswer(message);
    if (message === undefined && this.#lines.isTerminal) this.say('Type /retry to try again.');
    // On a terminal the user decides what to do about a failure. The next lines of a pipe can depend on
    // the answer that failed.
    const hasEnded = code !== DONE && (!this.#lines.isTerminal || code === SIGNAL_CODES.SIGTERM);
    if (hasEnded) this.code = code;
  }

  /** Saves the conversation as params of a request. @throws Error (rejects) of the file system. */
  async save(file: string): Promise<void> {
    const { system, turns } = this.conversation;
    const { model, max_tokens } = this.#settings.params;
    const params = { model, max_tokens, system, messages: turns };
    await writeFile(file, `${JSON.stringify(params, null, 2)}\n`);
  }
}
