import { checkOptions, isPlain } from '../check-options.js';
import type { UntypedMessage } from '../message/untyped.js';
import { type OutputFormat, outputFormatIn } from '../output/format.js';
import type { OutputMessageStream } from '../output/output-message-stream.js';
import { forCaller } from '../pull/caller-stack.js';
import { toPromise } from '../pull/poll.js';
import { chunkDeadline, loadChunk } from '../stream/load-chunk.js';
import type { MessageStream } from '../stream/message-stream.js';
import { MessageStreamCore } from '../stream/message-stream-core.js';
import { openSource, type StreamOptions } from '../stream/open-source.js';
import { RequestSource } from '../stream/request-source.js';
import type { EventSource, SourceOwner } from '../stream/source.js';
import type { Stream } from '../stream/stream.js';
import type { RunnerOptions, RunnerParams } from '../tools/runner-options.js';
import { ToolRunner } from '../tools/tool-runner.js';
import type { MaybeTurn } from '../trace/run-trace.js';
import type { ApiRequest, RequestOptions, ResolvedOptions } from '../transport/options.js';
import type { ResponseHead } from '../transport/port.js';
import type { AnyMessage } from '../wire/beta.js';
import type { RawMessageStreamEvent } from '../wire/events.js';
import type { JSONOutputFormat } from '../wire/params.js';
import { type Batches, createBatches } from './batches.js';
import type { Beta, Edition, GA } from './edition.js';
import type { TracedCall } from './made-call.js';
import { countTokensRequest, sendCreate, streamRequest } from './message-requests.js';
import { type Method, refuseMisplaced } from './misplaced-option.js';
import { openStream } from './open-stream.js';
import { REQUEST_OPTIONS, RUNNER_OPTIONS, STREAM_OPTIONS } from './request-options.js';
import {
  type Answer,
  type ResponsePromise,
  responsePromise,
  type WithResponse,
  withResponse,
} from './response-promise.js';
import { traced, tracedRun } from './traced-call.js';

/*
 * No method has overloads: of a wrong param TypeScript would say "No overload matches this call". Type
 * parameters stand for the one field that decides what comes back, not for the params as a whole, so
 * that a param that does not exist is an error. What they compute is written in place: a type that is not
 * exported could not be named in the declarations of those who export a method, or what it returns.
 */

/** `client.messages`. */
export interface Messages extends MessagesOf<GA> {}

/** `client.beta.messages`: the same with the beta types. */
export interface BetaMessages extends MessagesOf<Beta> {}

/** The methods of one edition. */
export interface MessagesOf<E extends Edition> {
  /**
   * Sends messages and resolves with the response: a message, or with `stream: true` its raw events. The
   * request goes out at once.
   *
   * A message whose `max_tokens` could take longer than ten minutes is streamed under the hood: no
   * connection is silent that long.
   * @throws AnthropicError (rejects)
   */
  create<S extends boolean | undefined = undefined>(
    params: E['stream'] & { stream?: S },
    options?: RequestOptions,
  ): ResponsePromise<S extends true ? Stream<RawMessageStreamEvent<E['message']>> : E['message']>;

  /**
   * Sends messages and returns the response as a stream. The stream is there at once; the request goes out
   * at the first need, and failures reject where the stream is read.
   *
   * With `output_config: { format: outputFormat(schema) }` the stream has `outputStream` and
   * `getFinalOutput()`.
   * @throws AnthropicError for invalid params or options.
   */
  stream<F extends Format = undefined>(
    params: E['stream'] & { output_config?: { format?: F } | undefined },
    options?: StreamOptions,
  ): F extends OutputFormat<infer Output, infer Input>
    ? OutputMessageStream<Output, Input, E['message']>
    : MessageStream<E['message']>;

  /**
   * Streams response after response, and runs their tool calls, until the model calls no more tools. The
   * runner is there at once; the first request goes out at the first need.
   * @throws AnthropicError where there are no tools to run.
   */
  toolRunner<F extends Format = undefined>(
    params: RunnerParams<E['stream']> & { output_config?: { format?: F } | undefined },
    options?: RunnerOptions,
  ): ToolRunner<
    E['message'],
    F extends OutputFormat<infer Output, infer Input>
      ? OutputMessageStream<Output, Input, E['message']>
      : MessageStream<E['message']>
  >;

  /**
   * Counts the input tokens of the params. Nothing is generated.
   * @throws AnthropicError (rejects)
   */
  countTokens(
    params: E['countTokens'],
    options?: RequestOptions,
  ): ResponsePromise<E['tokensCount']>;

  /** Requests that the API processes within 24 hours, at half the price. */
  readonly batches: Batches<E>;

  /** The same with the response: status, headers, request id, rate limits. */
  readonly withResponse: {
    /** `create`, with its response. @throws AnthropicError (rejects) */
    create<S extends boolean | undefined = undefined>(
      params: E['stream'] & { stream?: S },
      options?: RequestOptions,
    ): Promise<
      WithResponse<S extends true ? Stream<RawMessageStreamEvent<E['message']>> : E['message']>
    >;
    /** `countTokens`, with its response. @throws AnthropicError (rejects) */
    countTokens(
      params: E['countTokens'],
      options?: RequestOptions,
    ): Promise<WithResponse<E['tokensCount']>>;
  };
}

/** The params that decide how a message is requested. */
export interface CreateParams {
  max_tokens: number;
  stream?: boolean | undefined;
}

type Format = JSONOutputFormat | null | undefined;

/** `messages` with the options of a client. */
export function createMessages<E extends Edition>(settings: ResolvedOptions): MessagesOf<E> {
  type M = E['message'];
  const stream = (
    params: object,
    options: StreamOptions = {},
    turn?: MaybeTurn,
  ): MessageStream<M> => {
    checkOptions(options, STREAM_OPTIONS);
    const call = streamRequest(params, options);
    const made = traced(settings, call, { operation: 'stream', params, turn });
    const signals = [options.signal, settings.closed];
    return openStream<M>(made, { options, signals, format: outputFormatIn(params) });
  };
  // Async, so that invalid params reject.
  const create = async (
    params: CreateParams,
    options: RequestOptions = {},
  ): Promise<Answer<M | Stream<RawMessageStreamEvent<M>>>> => {
    checkOptions(options, REQUEST_OPTIONS);
    const made = async (call: ApiRequest): Promise<TracedCall> =>
      traced(settings, call, { operation: 'create', params });
    return sendCreate(params, options, {
      json: async (call) => sendJson<M>('messages.create', await made(call), options),
      raw: async (call) => openRaw<M>(await made(call), options),
      whole: async (call) => collect<M>(await made(call), options),
    });
  };
  const countTokens = async (
    params: object,
    options: RequestOptions = {},
  ): Promise<Answer<E['tokensCount']>> => {
    checkOptions(options, REQUEST_OPTIONS);
    const call = countTokensRequest(params, options);
    const made = await traced(settings, call, { operation: 'countTokens', params });
    return sendJson('messages.countTokens', made, options);
  };
  const methods: MessagesOf<E> = {
    create: ((...call: Parameters<typeof create>) =>
      responsePromise(create(...call))) as MessagesOf<E>['create'],

    stream: ((params: object, options?: StreamOptions) =>
      stream(params, options)) as MessagesOf<E>['stream'],

    toolRunner: ((params: object, options: RunnerOptions = {}) => {
      checkOptions(options, RUNNER_OPTIONS);
      if (isPlain(params)) refuseMisplaced(params, 'messages.toolRunner');
      const trace = tracedRun(settings, params);
      return new ToolRunner<M>(stream, params, options, chunkDeadline(settings, options), trace);
    }) as MessagesOf<E>['toolRunner'],

    countTokens: (...call) => responsePromise(countTokens(...call)),

    batches: createBatches<E>(settings),

    withResponse: {
      create: ((...call: Parameters<typeof create>) =>
        forCaller(create(...call).then(withResponse))) as MessagesOf<E>['withResponse']['create'],
      countTokens: (...call) => forCaller(countTokens(...call).then(withResponse)),
    },
  };
  continuations.set(methods, (params, options, received) => {
    const call = streamRequest(params, options);
    const made = traced(settings, call, { operation: 'stream', params });
    return openStream<M>(made, { options, signals: [options.signal, settings.closed], received });
  });
  return methods;
}

type Continue = (
  params: object,
  options: StreamOptions,
  received: EventSource,
) => MessageStream<AnyMessage>;

/** Not a method: only the relay continues what another process began. */
const continuations: WeakMap<object, Continue> = /* @__PURE__ */ new WeakMap();

/** A stream whose first events come from elsewhere, and that recovers when they end. */
export function continueMessage(
  messages: object,
  ...call: Parameters<Continue>
): MessageStream<AnyMessage> {
  return (continuations.get(messages) as Continue)(...call);
}

/** A message that is streamed and returned whole. */
async function collect<M extends AnyMessage>(
  { call, settings, toTraced }: TracedCall,
  options: RequestOptions,
): Promise<Answer<M>> {
  const core = new MessageStreamCore(
    (owner) => toTraced(openSource(settings, call, options, owner)),
    [options.signal, settings.closed],
  );
  const data = await toPromise<UntypedMessage>((wake) => core.complete(wake));
  return { data: data as unknown as M, head: core.head as ResponseHead };
}

/** A call whose response is one JSON document. */
async function sendJson<T>(
  what: Method,
  made: TracedCall,
  options: RequestOptions,
): Promise<Answer<T>> {
  const { sendTraced } = await loadRoutes(what, made.settings, options);
  return sendTraced<T>(made, options);
}

async function openRaw<M extends AnyMessage>(
  { call, settings, toTraced }: TracedCall,
  options: RequestOptions,
): Promise<Answer<Stream<RawMessageStreamEvent<M>>>> {
  const routes = await loadRoutes('messages.create', settings, options);
  const open = (owner: Partial<SourceOwner>): EventSource =>
    toTraced(new RequestSource(settings, call, options, owner, { isRaw: true }));
  return routes.openRaw<M>(open, [options.signal, settings.closed]);
}

/** Loads what sends a request that isn't a stream's: a page that only streams does without. */
function loadRoutes(
  what: Method,
  settings: ResolvedOptions,
  options: RequestOptions,
): Promise<typeof import('./create-routes.js')> {
  const signals = [options.signal, settings.closed];
  return loadChunk(what, import('./create-routes.js'), chunkDeadline(settings, options), signals);
}
