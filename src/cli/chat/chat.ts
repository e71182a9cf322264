import { writeFile } from 'node:fs/promises';
import { type Answered, answer, type Question } from '../answer/answer.js';
import { DONE, SIGNAL_CODES } from '../exit-codes.js';
import type { Content } from '../question/request-params.js';
import type { Terminal } from '../terminal.js';
import type { ChatLines } from './chat-lines.js';
import { Conversation } from './conversation.js';

/** A question without what it asks. */
export type Manner = Omit<Question, 'params'> & { params: Omit<Question['params'], 'messages'> };

/** Turn after turn with the model. */
export class Chat {
  readonly conversation: Conversation;
  readonly #manner: Manner;
  readonly #lines: ChatLines;
  readonly #terminal: Terminal;
  /** The code to leave with; undefined while it goes on. */
  code: number | undefined;

  constructor(manner: Manner, system: string | undefined, lines: ChatLines, terminal: Terminal) {
    this.#manner = manner;
    this.conversation = new Conversation(system);
    this.#lines = lines;
    this.#terminal = terminal;
  }

  say(line: string): void {
    this.#terminal.stderr.write(`${line}\n`);
  }

  async ask(content: Content): Promise<void> {
    const { system } = this.conversation;
    const params = {
      ...this.#manner.params,
      ...(system === undefined ? {} : { system }),
      messages: this.conversation.ask(content),
    };
    const { code, message } = await this.#lines.during(
      (stop): Promise<Answered> => answer({ ...this.#manner, params }, this.#terminal, stop),
    );
    this.conversation.addAnswer(message);
    if (message === undefined && this.#lines.isTerminal) this.say('/retry asks again.');
    // A person decides what to do about a failure; the rest of a script may depend on the answer.
    const isOver = code !== DONE && (!this.#lines.isTerminal || code === SIGNAL_CODES.SIGTERM);
    if (isOver) this.code = code;
  }

  /** Keeps the conversation as params of a request. @throws Error (rejects) of the file system. */
  async save(file: string): Promise<void> {
    const { system, turns } = this.conversation;
    const { model, max_tokens } = this.#manner.params;
    const params = { model, max_tokens, system, messages: turns };
    await writeFile(file, `${JSON.stringify(params, null, 2)}\n`);
  }
}
