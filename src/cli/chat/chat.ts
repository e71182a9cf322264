import { type AnswerRequest, type AnswerResult, streamAnswer } from '../answer/stream-answer.js';
import { DONE, SIGNAL_CODES } from '../exit-codes.js';
import { toPath } from '../folders.js';
import { readFileBlock } from '../request/file-block.js';
import type { Content } from '../request/request-params.js';
import type { Terminal } from '../terminal.js';
import type { ChatHistory, PastChat } from './chat-history.js';
import type { ChatInput } from './chat-input.js';
import { Conversation } from './conversation.js';
import { readChat, type SavedChat, writeChat } from './saved-chat.js';
import { showLatest } from './show-latest.js';

/** What all requests of a chat share. */
export type ChatSettings = Omit<AnswerRequest, 'params'> & {
  params: Omit<AnswerRequest['params'], 'messages'>;
};

type Blocks = Exclude<Content, string>;

/** A conversation with the model, turn by turn. */
export class Chat {
  readonly terminal: Terminal;
  /** Where the chat is kept; undefined if it isn't. */
  readonly history: ChatHistory | undefined;
  conversation: Conversation;
  #settings: ChatSettings;
  readonly #input: ChatInput;
  #file: string | undefined;
  #attached: Blocks = [];
  /** The exit code; undefined while the chat continues. */
  code: number | undefined;

  constructor(
    settings: ChatSettings,
    system: string | undefined,
    input: ChatInput,
    terminal: Terminal,
    history: ChatHistory | undefined,
  ) {
    this.#settings = settings;
    this.conversation = new Conversation(system);
    this.#input = input;
    this.terminal = terminal;
    this.history = history;
    this.#file = history?.createFile();
  }

  say(line: string): void {
    this.terminal.stderr.printLine(line);
  }

  get model(): string {
    return this.#settings.params.model;
  }

  set model(model: string) {
    this.#settings = { ...this.#settings, params: { ...this.#settings.params, model } };
  }

  /** Sends a message, and the files that are attached to it. */
  async send(text: string): Promise<void> {
    const attached = this.#attached;
    this.#attached = [];
    await this.ask(attached.length === 0 ? text : [...attached, { type: 'text', text }]);
  }

  async ask(content: Content): Promise<void> {
    const { system } = this.conversation;
    const params = {
      ...this.#settings.params,
      ...(system === undefined ? {} : { system }),
      messages: this.conversation.ask(content),
    };
    const { code, message } = await this.#input.runInterruptible(
      (interrupter): Promise<AnswerResult> =>
        streamAnswer({ ...this.#settings, params }, this.terminal, interrupter),
    );
    this.conversation.addAnswer(message);
    await this.#keep();
    if (message === undefined && this.#input.isTerminal) this.say('Type /retry to try again.');
    // On a terminal the user decides what to do about a failure. The next lines of a pipe can depend on
    // the answer that failed.
    const hasEnded = code !== DONE && (!this.#input.isTerminal || code === SIGNAL_CODES.SIGTERM);
    if (hasEnded) this.code = code;
  }

  /** Attaches a file to the next message. @throws UsageError (rejects) if it can't be sent. */
  async attach(path: string): Promise<void> {
    this.#attached = [...this.#attached, await readFileBlock(toPath(path, this.terminal), '/file')];
  }

  /** Saves the conversation as params of a request. @throws Error (rejects) of the file system. */
  async save(path: string): Promise<void> {
    await writeChat(toPath(path, this.terminal), this.#saved);
  }

  /** Continues the chat in a file. @throws Error (rejects) if there is none in it. */
  async load(path: string): Promise<void> {
    const file = toPath(path, this.terminal);
    await this.resume({ ...(await readChat(file)), file });
  }

  /** Continues a chat: its file is kept up to date if it is one of the history. */
  async resume(
    { file, model, system, messages }: SavedChat & Pick<PastChat, 'file'>,
    overrides: { model?: string | undefined; system?: string | undefined } = {},
  ): Promise<void> {
    this.conversation = new Conversation(overrides.system ?? system, messages);
    this.model = overrides.model ?? model ?? this.model;
    if (this.history !== undefined) {
      this.#file = this.history.has(file) ? file : this.history.createFile();
    }
    await showLatest(messages, this.model, this.terminal);
  }

  get #saved(): SavedChat {
    const { system, turns } = this.conversation;
    const { model, max_tokens } = this.#settings.params;
    return { model, max_tokens, ...(system === undefined ? {} : { system }), messages: turns };
  }

  /** A history that can't be written is reported once, and doesn't end the chat. */
  async #keep(): Promise<void> {
    const file = this.#file;
    if (file === undefined || this.conversation.turns.length === 0) return;
    await this.history?.save(file, this.#saved).catch((error: Error) => {
      this.#file = undefined;
      this.say(`millrace: this chat can't be kept: ${error.message}`);
    });
  }
}
