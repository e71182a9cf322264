import { type OutputFormat, outputFormatIn } from '../output/output-format.js';
import type { OutputMessageStream } from '../output/output-message-stream.js';
import { toPromise } from '../pull/poll.js';
import { MessageStream } from '../stream/message-stream.js';
import { openSource, type StreamOptions } from '../stream/open-source.js';
import type { RawSource } from '../stream/raw-stream-core.js';
import { RequestSource } from '../stream/request-source.js';
import type { EventSource, SourceOwner } from '../stream/source.js';
import { Stream } from '../stream/stream.js';
import type { RunnerOptions, RunnerParams } from '../tools/runner-options.js';
import { ToolRunner } from '../tools/tool-runner.js';
import { inCallContext } from '../transport/call-context.js';
import { Deadline } from '../transport/deadline.js';
import type { ApiRequest, RequestOptions, ResolvedOptions } from '../transport/options.js';
import type { ResponseHead } from '../transport/port.js';
import { sendJson } from '../transport/send-json.js';
import { withTimeout } from '../transport/timeouts.js';
import type { AnyMessage, BetaMessage } from '../wire/beta.js';
import type {
  BetaMessageCountTokensParams,
  BetaMessageStreamParams,
  BetaMessageTokensCount,
} from '../wire/beta-params.js';
import type { RawMessageStreamEvent } from '../wire/events.js';
import type { Message, MessageTokensCount } from '../wire/message.js';
import type {
  JSONOutputFormat,
  MessageCountTokensParams,
  MessageStreamParams,
} from '../wire/params.js';
import { countTokensRequest, createRequest, isLong, streamRequest } from './message-requests.js';
import {
  checkRequest,
  REQUEST_OPTIONS,
  RUNNER_OPTIONS,
  STREAM_OPTIONS,
} from './request-options.js';
import { type ResponsePromise, responsePromise } from './response-promise.js';

/** The types of one edition of the API. */
export interface Edition {
  message: AnyMessage;
  stream: MessageStreamParams | BetaMessageStreamParams;
  countTokens: object;
  tokensCount: object;
}

/** What is generally available: the types of `client.messages`. */
export interface GA {
  message: Message;
  stream: MessageStreamParams;
  countTokens: MessageCountTokensParams;
  tokensCount: MessageTokensCount;
}

/** With what is in beta: the types of `client.beta.messages`. */
export interface Beta {
  message: BetaMessage;
  stream: BetaMessageStreamParams;
  countTokens: BetaMessageCountTokensParams;
  tokensCount: BetaMessageTokensCount;
}

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
  const stream = (params: object, options: StreamOptions = {}): MessageStream<M> => {
    checkRequest(options, STREAM_OPTIONS);
    return openStream<M>(
      inCallContext(settings),
      streamRequest(params),
      options,
      () => {},
      outputFormatIn(params),
    );
  };
  // Async, so that invalid params reject.
  const create = async (
    params: CreateParams,
    options: RequestOptions,
  ): Promise<Answer<M | Stream<RawMessageStreamEvent<M>>>> => {
    checkRequest(options, REQUEST_OPTIONS);
    const call = createRequest(params);
    if (call.stream) return openRaw<M>(settings, call, options);
    if (isLong(params)) return collect<M>(settings, streamRequest(params), options);
    return sendJson<M>(settings, call, options);
  };
  return {
    create: ((params: CreateParams, options: RequestOptions = {}) =>
      responsePromise(create(params, options))) as MessagesOf<E>['create'],

    stream: stream as MessagesOf<E>['stream'],

    toolRunner: ((params: object, options: RunnerOptions = {}) => {
      checkRequest(options, RUNNER_OPTIONS);
      const limits = withTimeout(settings.timeouts, options.timeout);
      const deadline = new Deadline(limits, settings.clock, () => {});
      return new ToolRunner<M>(stream, params, options, deadline);
    }) as MessagesOf<E>['toolRunner'],

    countTokens: (params, options = {}) =>
      responsePromise(countTokens<E['tokensCount']>(settings, params, options)),
  };
}

async function countTokens<T>(
  settings: ResolvedOptions,
  params: object,
  options: RequestOptions,
): Promise<Answer<T>> {
  checkRequest(options, REQUEST_OPTIONS);
  return sendJson<T>(settings, countTokensRequest(params), options);
}

function openStream<M extends AnyMessage>(
  settings: ResolvedOptions,
  call: ApiRequest,
  options: StreamOptions,
  onHead: (head: ResponseHead) => void,
  format?: OutputFormat,
): MessageStream<M> {
  const open = (owner: SourceOwner): EventSource => {
    const told = (head: ResponseHead): void => {
      onHead(head);
      owner.onHead(head);
    };
    return openSource(settings, call, options, { ...owner, onHead: told });
  };
  const { signal } = options;
  return format === undefined ? new MessageStream<M>(open, signal) : format.open<M>(open, signal);
}

interface Answer<T> {
  data: T;
  head: ResponseHead;
}

/** A message that is streamed and returned whole. */
async function collect<M extends AnyMessage>(
  settings: ResolvedOptions,
  call: ApiRequest,
  options: RequestOptions,
): Promise<Answer<M>> {
  let head: ResponseHead | undefined;
  const stream = openStream<M>(settings, call, options, (latest) => {
    head = latest;
  });
  const data = await stream.getFinalMessage();
  return { data, head: head as ResponseHead };
}

async function openRaw<M extends AnyMessage>(
  settings: ResolvedOptions,
  call: ApiRequest,
  options: RequestOptions,
): Promise<Answer<Stream<RawMessageStreamEvent<M>>>> {
  let head: ResponseHead | undefined;
  const source = new RequestSource(settings, call, options, {
    onHead: (latest) => {
      head = latest;
    },
  });
  const data = new Stream<RawMessageStreamEvent<M>>({
    head: () => head,
    next: ((wake) => source.next(wake)) as RawSource<RawMessageStreamEvent<M>>['next'],
    cancel: (reason) => source.cancel(reason),
    signal: options.signal,
  });
  try {
    return { data, head: await toPromise<ResponseHead>((wake) => source.connect(wake)) };
  } catch (error) {
    data.close();
    throw error;
  }
}
