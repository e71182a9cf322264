import type { BetaMessageCreateParams, Anthropic as Core, ToolUnion } from 'millrace';
import { refuseAbsent } from '../../api/absent.js';
import { AnthropicError } from '../../core/error.js';
import { type RequestOptions, refuseUnsupported } from '../../options.js';
import type { BetaMessageStream } from '../BetaMessageStream.js';
import type { BetaRunnableTool } from './BetaRunnableTool.js';
import { availableTools, type Called, runTools } from './run-tools.js';
import { type PromiseWithResolvers, withResolvers } from './with-resolvers.js';

type BetaMessage = Core.Beta.BetaMessage;
type BetaMessageParam = Core.Beta.BetaMessageParam;

export type BetaToolRunnerParams = Omit<BetaMessageCreateParams, 'messages' | 'tools'> & {
  messages: BetaMessageParam[];
  // biome-ignore lint/suspicious/noExplicitAny: tools of any input are in one list.
  tools: (ToolUnion | BetaRunnableTool<any>)[];
  /** How many requests at most. */
  max_iterations?: number | undefined;
  /** A tool runs when the reply is complete. */
  runToolsEagerly?: false | undefined;
};

export type BetaToolRunnerRequestOptions = Pick<RequestOptions, 'headers' | 'signal'>;

/** What a runner needs of a client. */
export interface RunnerClient {
  beta: {
    messages: {
      create(params: never, options?: RequestOptions): Promise<unknown>;
      stream(params: never, options?: RequestOptions): unknown;
    };
  };
}

/** Methods of the official runner that are not here. */
const REMEDIES: Readonly<Record<string, string>> = {
  addTools: 'write runner.setMessagesParams() with other `tools`',
  removeTools: 'write runner.setMessagesParams() with other `tools`',
  compactBeforeNextTurn: 'send the param `context_management`',
};

/** An item of a run: the stream of a turn, or its message. */
export type RunItem<Stream extends boolean> = Stream extends true ? BetaMessageStream : BetaMessage;

/**
 * Sends requests and runs their tool calls until the model calls no more tools. Read it in a loop, where
 * params may be changed between turns, or await it for the last message.
 */
export class BetaToolRunner<Stream extends boolean> implements AsyncIterable<RunItem<Stream>> {
  readonly #client: RunnerClient;
  #params: BetaToolRunnerParams;
  #options: BetaToolRunnerRequestOptions;
  #isConsumed = false;
  /** Params were changed in this turn: then nothing is added to the conversation. */
  #isChanged = false;
  #message: Promise<BetaMessage> | undefined;
  #response: { for: unknown; turn: Promise<BetaMessageParam | null> } | undefined;
  #requests = 0;
  #ended: PromiseWithResolvers<BetaMessage> = withResolvers();

  constructor(
    client: RunnerClient,
    params: BetaToolRunnerParams,
    options: BetaToolRunnerRequestOptions = {},
  ) {
    refuseUnsupported(params);
    refuseAbsent(this, 'runner', Object.keys(REMEDIES), (name) => REMEDIES[name] ?? '');
    this.#client = client;
    this.#params = { ...params, messages: [...params.messages] };
    this.#options = options;
    this.#ended.promise.catch(() => undefined);
  }

  /** The params of the next request. */
  get params(): Readonly<BetaToolRunnerParams> {
    return this.#params;
  }

  /** Replaces the params, from the next turn on. */
  setMessagesParams(
    params: BetaToolRunnerParams | ((previous: BetaToolRunnerParams) => BetaToolRunnerParams),
  ): void {
    this.#params = typeof params === 'function' ? params(this.#params) : params;
    this.#isChanged = true;
    this.#response = undefined;
  }

  /** Replaces the options of the requests. */
  setRequestOptions(
    options:
      | BetaToolRunnerRequestOptions
      | ((previous: BetaToolRunnerRequestOptions) => BetaToolRunnerRequestOptions),
  ): void {
    this.#options = typeof options === 'function' ? options(this.#options) : options;
  }

  /** Adds turns to the conversation. The response of this turn is then yours to add. */
  pushMessages(...messages: BetaMessageParam[]): void {
    this.setMessagesParams((params) => ({
      ...params,
      messages: [...params.messages, ...messages],
    }));
  }

  /** Runs the calls of the latest message, once, and returns the turn that answers them. */
  async generateToolResponse(
    signal: AbortSignal | null | undefined = this.#options.signal,
  ): Promise<BetaMessageParam | null> {
    return this.#respondTo((await this.#message) ?? this.#params.messages.at(-1), signal);
  }

  async #respondTo(
    last: BetaMessage | BetaMessageParam | undefined,
    signal: AbortSignal | null | undefined,
  ): Promise<BetaMessageParam | null> {
    if (last?.role !== 'assistant') return null;
    if (this.#response?.for !== last) {
      const tools = availableTools(this.#params.tools, this.#params.messages);
      const turn = runTools(last as Called, tools, signal) as Promise<never>;
      this.#response = { for: last, turn };
    }
    return this.#response?.turn ?? null;
  }

  /** Resolves with the last message of a run that is read in a loop. */
  done(): Promise<BetaMessage> {
    return this.#ended.promise;
  }

  /** Reads the run, unless a loop does, and resolves with its last message. */
  async runUntilDone(): Promise<BetaMessage> {
    if (!this.#isConsumed) for await (const _ of this);
    return this.done();
  }

  // biome-ignore lint/suspicious/noThenProperty: `await runner` is its last message.
  then<A = BetaMessage, B = never>(
    onfulfilled?: ((value: BetaMessage) => A | PromiseLike<A>) | null,
    onrejected?: ((reason: unknown) => B | PromiseLike<B>) | null,
  ): Promise<A | B> {
    return this.runUntilDone().then(onfulfilled, onrejected);
  }

  /** @throws AnthropicError (rejects) where it has been read. */
  async *[Symbol.asyncIterator](): AsyncGenerator<RunItem<Stream>, void, undefined> {
    if (this.#isConsumed) throw new AnthropicError('Cannot iterate over a consumed stream');
    this.#isConsumed = true;
    try {
      yield* this.#turns();
      if (this.#message === undefined) {
        throw new AnthropicError('ToolRunner concluded without a message from the server');
      }
      this.#ended.resolve(await this.#message);
    } catch (error) {
      // It may be read again, to go on after an error.
      this.#isConsumed = false;
      this.#ended.reject(error);
      this.#ended = withResolvers();
      this.#ended.promise.catch(() => undefined);
      throw error;
    }
  }

  async *#turns(): AsyncGenerator<RunItem<Stream>, void, undefined> {
    for (;;) {
      const { max_iterations: most } = this.#params;
      if (most && this.#requests >= most) return;
      this.#requests++;
      this.#isChanged = false;
      this.#response = undefined;
      yield* this.#turn();
      if (!(await this.#answer())) return;
    }
  }

  async *#turn(): AsyncGenerator<RunItem<Stream>, void, undefined> {
    const { max_iterations, runToolsEagerly, ...params } = this.#params;
    const { messages } = this.#client.beta;
    if (!params.stream) {
      const message = messages.create({ ...params, stream: false } as never, this.#options);
      this.#message = message as Promise<BetaMessage>;
      yield (await this.#message) as RunItem<Stream>;
      return;
    }
    const stream = messages.stream(params as never, this.#options) as BetaMessageStream;
    this.#message = stream.finalMessage();
    this.#message.catch(() => undefined);
    try {
      yield stream as RunItem<Stream>;
      await this.#message;
    } finally {
      stream.abort();
    }
  }

  /** Adds the turn and the results of its calls; false where the run is over. */
  async #answer(): Promise<boolean> {
    const message = (await this.#message) as BetaMessage;
    const { messages } = this.#params;
    const isChanged = this.#isChanged;
    // What was added by hand is answered like what was received.
    const last = isChanged ? messages.at(-1) : message;
    if (!isChanged) {
      const { role, content } = message;
      messages.push({ role, content } as BetaMessageParam);
      this.#keepContainer(message);
    }
    // A refusal may have cut an input off.
    const isOver = message.stop_reason === 'refusal' && !isChanged;
    const response = isOver ? null : await this.#respondTo(last, this.#options.signal);
    if (response !== null) this.#params.messages.push(response);
    return response !== null || isChanged;
  }

  /** Tools that run in a container need it in the next turn. One that the caller chose stays. */
  #keepContainer({ container }: BetaMessage): void {
    const own = this.#params.container;
    if (!container) return;
    if (own === undefined || own === null) this.#params.container = container.id;
    else if (typeof own === 'object' && !own.id) {
      this.#params.container = { ...own, id: container.id };
    }
  }
}
