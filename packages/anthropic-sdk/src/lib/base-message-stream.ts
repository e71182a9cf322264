import type { MessageStream as CoreStream } from 'millrace';
import { copyResponse } from '../core/api-promise.js';
import { convertError, converting } from '../core/convert-error.js';
import { AnthropicError, APIUserAbortError } from '../core/error.js';
import { toLines } from '../core/json-lines.js';
import { Listeners } from './listeners.js';
import { parseMessage } from './parser.js';
import { type CoreEvent, deltaCall, type StreamEvents, toRawEvent } from './stream-events.js';

/** Opens a stream of millrace, which the signal ends. */
export type OpenCoreStream = (signal: AbortSignal) => CoreStream;

/**
 * A message while it is streamed, under the official names. The request goes out at once. The events are
 * read by loops at their pace, and by a pump as soon as there is a listener, or a promise was asked for.
 */
export class BaseMessageStream<M, E, Parsed, P> implements AsyncIterable<E> {
  /** The messages that were sent, then the one that was received. */
  messages: P[];
  receivedMessages: Parsed[] = [];
  controller: AbortController = new AbortController();
  readonly #core: CoreStream;
  readonly #params: object | null;
  readonly #listeners = new Listeners<StreamEvents<M, E, Parsed>>();
  readonly #connected: Promise<Response>;
  #response: Response | null | undefined;
  #pumping: Promise<void> | undefined;
  #isHandled = false;
  #failure: unknown;
  #ended = false;

  /** Made by `client.messages.stream()`. */
  constructor(open: OpenCoreStream, params: object | null) {
    this.#params = params;
    const { messages = [] } = (params ?? {}) as { messages?: P[] };
    this.messages = [...messages];
    this.#core = open(this.controller.signal);
    this.#connected = this.#connect();
    this.#connected.catch(() => undefined);
  }

  get response(): Response | null | undefined {
    return this.#response;
  }

  get request_id(): string | null | undefined {
    return this.#core.requestId;
  }

  get workspace_id(): string | null | undefined {
    return this.#response?.headers.get('anthropic-workspace-id');
  }

  get ended(): boolean {
    return this.#ended;
  }

  get errored(): boolean {
    return this.#failure !== undefined;
  }

  get aborted(): boolean {
    return this.#failure instanceof APIUserAbortError || this.controller.signal.aborted;
  }

  /** The message so far; undefined before `message_start`. */
  get currentMessage(): M | undefined {
    return this.#core.currentMessageSnapshot as M | undefined;
  }

  /** Ends the request. Readers and promises get APIUserAbortError. */
  abort(): void {
    this.controller.abort();
  }

  /** The response headers. */
  async withResponse(): Promise<{
    data: BaseMessageStream<M, E, Parsed, P>;
    response: Response;
    request_id: string | null | undefined;
    workspace_id: string | null | undefined;
  }> {
    this.#isHandled = true;
    const response = await this.#connected;
    return {
      data: this,
      response,
      request_id: this.request_id,
      workspace_id: this.workspace_id,
    };
  }

  on<N extends keyof StreamEvents<M, E, Parsed>>(
    event: N,
    listener: StreamEvents<M, E, Parsed>[N],
  ): this {
    this.#listeners.add(event, listener, false);
    void this.#pump();
    return this;
  }

  once<N extends keyof StreamEvents<M, E, Parsed>>(
    event: N,
    listener: StreamEvents<M, E, Parsed>[N],
  ): this {
    this.#listeners.add(event, listener, true);
    void this.#pump();
    return this;
  }

  off<N extends keyof StreamEvents<M, E, Parsed>>(
    event: N,
    listener: StreamEvents<M, E, Parsed>[N],
  ): this {
    this.#listeners.remove(event, listener);
    return this;
  }

  /** Resolves with what the next event of this name brings; rejects where the stream fails before. */
  emitted<N extends keyof StreamEvents<M, E, Parsed>>(
    event: N,
  ): Promise<
    Parameters<StreamEvents<M, E, Parsed>[N]> extends [infer Param]
      ? Param
      : Parameters<StreamEvents<M, E, Parsed>[N]> extends []
        ? void
        : Parameters<StreamEvents<M, E, Parsed>[N]>
  > {
    this.#isHandled = true;
    return new Promise((resolve, reject) => {
      const settle = (...args: unknown[]): void =>
        resolve((args.length > 1 ? args : args[0]) as never);
      this.once(event, settle as never);
      if (event !== 'error') this.once('error', reject as never);
      if (event !== 'abort') this.once('abort', reject as never);
    });
  }

  /** Resolves at the end. */
  async done(): Promise<void> {
    this.#isHandled = true;
    await this.#pump();
    if (this.#failure !== undefined) throw this.#failure;
  }

  /** Resolves with the finished message, and what its format parsed. */
  async finalMessage(): Promise<Parsed> {
    await this.done();
    return this.receivedMessages.at(-1) as Parsed;
  }

  /** The text of all text blocks. @throws AnthropicError (rejects) where there is none. */
  async finalText(): Promise<string> {
    const { content } = (await this.finalMessage()) as {
      content: { type: string; text?: string }[];
    };
    const texts = content.filter(({ type }) => type === 'text').map(({ text }) => text);
    if (texts.length > 0) return texts.join('');
    throw new AnthropicError('stream ended without producing a content block with type=text');
  }

  /** The events from the first one on. Leaving the loop ends the request. */
  [Symbol.asyncIterator](): AsyncIterator<E> {
    this.#isHandled = true;
    const reader = this.#core[Symbol.asyncIterator]() as AsyncIterator<CoreEvent>;
    return {
      next: async () => {
        const { done, value } = await converting(() => reader.next());
        return done ? { done, value: undefined } : { done: false, value: toRawEvent(value) as E };
      },
      return: async () => {
        this.abort();
        return { done: true, value: undefined };
      },
    };
  }

  /** One line of JSON an event; `fromReadableStream()` reads it. */
  toReadableStream(): ReadableStream {
    return toLines(this[Symbol.asyncIterator]());
  }

  async #connect(): Promise<Response> {
    const response = copyResponse(await converting(() => this.#core.response), null);
    this.#response = response;
    this.#emit('connect');
    return response;
  }

  #pump(): Promise<void> {
    this.#pumping ??= this.#read();
    return this.#pumping;
  }

  async #read(): Promise<void> {
    try {
      // Listeners that are added in this turn hear everything.
      await this.#connected;
      for await (const event of this.#core as AsyncIterable<CoreEvent>) this.#emitEvent(event);
      this.#emit('finalMessage', this.receivedMessages.at(-1));
    } catch (error) {
      this.#fail(convertError(error));
    }
    this.#ended = true;
    this.#emit('end');
  }

  #fail(error: unknown): void {
    this.#failure = error;
    const name = error instanceof APIUserAbortError ? 'abort' : 'error';
    if (!this.#listeners.has(name) && !this.#isHandled) void Promise.reject(error);
    this.#emit(name, error);
  }

  #emitEvent(event: CoreEvent): void {
    const snapshot = (): unknown => this.#core.currentMessageSnapshot;
    if (this.#listeners.has('streamEvent'))
      this.#emit('streamEvent', toRawEvent(event), snapshot());
    if (event.type === 'content_block_stop') this.#emit('contentBlock', event.content_block);
    if (event.type === 'message_stop') this.#receive(event.message as object);
    if (event.type !== 'content_block_delta') return;
    const isHeard = (name: string): boolean => this.#listeners.has(name as never);
    const call = deltaCall(event, isHeard, snapshot as never);
    if (call !== undefined) this.#emit(...call);
  }

  #receive(message: object): void {
    const parsed = parseMessage<Parsed>(message, this.#params);
    this.receivedMessages.push(parsed);
    this.messages.push(parsed as unknown as P);
    this.#emit('message', parsed);
  }

  #emit(name: string, ...args: unknown[]): void {
    this.#listeners.emit(name as never, ...args);
  }
}
