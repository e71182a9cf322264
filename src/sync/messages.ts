import { isPlain } from '../check-options.js';
import type { UntypedMessage } from '../message/untyped.js';
import { type OutputFormat, outputFormatIn } from '../output/format.js';
import { NEVER_PENDING } from '../pull/poll.js';
import type { Beta, Edition, GA } from '../resources/edition.js';
import { countTokensRequest, sendCreate, streamRequest } from '../resources/message-requests.js';
import type { CreateParams } from '../resources/messages.js';
import { refuseMisplaced } from '../resources/misplaced-option.js';
import { REQUEST_OPTIONS, RUNNER_OPTIONS, STREAM_OPTIONS } from '../resources/request-options.js';
import { type Answer, type WithResponse, withResponse } from '../resources/response-promise.js';
import type { EventSource, SourceOwner } from '../stream/source.js';
import { traceSource } from '../stream/traced-source.js';
import type { RunnerParams } from '../tools/runner-options.js';
import { traceRun } from '../trace/run-trace.js';
import type { TurnOf } from '../trace/stream-trace.js';
import type { AbortSignals } from '../transport/on-abort.js';
import type { ApiRequest, ResolvedOptions } from '../transport/options.js';
import type { ResponseHead } from '../transport/port.js';
import type { RawMessageStreamEvent } from '../wire/events.js';
import type { JSONOutputFormat } from '../wire/params.js';
import { createSyncBatches, type SyncBatches } from './batches.js';
import { InterruptibleMessageCore, reasonOf } from './interruption.js';
import type { SyncRequestOptions, SyncRunnerOptions, SyncStreamOptions } from './options.js';
import { SyncMessageStream } from './sync-message-stream.js';
import { SyncOutputMessageStream } from './sync-output-message-stream.js';
import { SyncStream } from './sync-stream.js';
import { SyncToolRunner } from './sync-tool-runner.js';
import { check, connect, type ThreadCalls, type TracedCall } from './thread-calls.js';
import type { ThreadRequest } from './thread-request.js';

/** `client.messages` of a blocking client. */
export interface SyncMessages extends SyncMessagesOf<GA> {}

/** `client.beta.messages` of a blocking client: the same with the beta types. */
export interface SyncBetaMessages extends SyncMessagesOf<Beta> {}

/** The methods of one edition. */
export interface SyncMessagesOf<E extends Edition> {
  /**
   * Sends messages and gives the answer: as a message, or with `stream: true` as the raw events of one,
   * as soon as there are response headers.
   *
   * A message whose `max_tokens` could take longer than ten minutes is streamed under the hood: no
   * connection is silent that long.
   * @throws AnthropicError
   */
  create<S extends boolean | undefined = undefined>(
    params: E['stream'] & { stream?: S },
    options?: SyncRequestOptions,
  ): S extends true ? SyncStream<RawMessageStreamEvent<E['message']>> : E['message'];

  /**
   * Sends messages and gives the answer as it is written. The stream is there at once; the request
   * goes out at the first need, and failures are thrown where the stream is read.
   *
   * With `output_config: { format: outputFormat(schema) }` the stream has `outputStream` and
   * `getFinalOutput()`.
   * @throws AnthropicError for invalid params or options.
   */
  stream<F extends Format = undefined>(
    params: E['stream'] & { output_config?: { format?: F } | undefined },
    options?: SyncStreamOptions,
  ): F extends OutputFormat<infer Output, infer Input>
    ? SyncOutputMessageStream<Output, Input, E['message']>
    : SyncMessageStream<E['message']>;

  /**
   * Streams response after response, and runs their tool calls, until the model calls no more tools. The
   * runner is there at once; the first request goes out at the first need. The tools and `approve` are
   * ordinary functions, called on this thread: one that returns a promise is refused.
   * @throws AnthropicError where there are no tools to run.
   */
  toolRunner<F extends Format = undefined>(
    params: RunnerParams<E['stream']> & { output_config?: { format?: F } | undefined },
    options?: SyncRunnerOptions,
  ): SyncToolRunner<
    E['message'],
    F extends OutputFormat<infer Output, infer Input>
      ? SyncOutputMessageStream<Output, Input, E['message']>
      : SyncMessageStream<E['message']>
  >;

  /**
   * How many input tokens the params come to. Nothing is generated.
   * @throws AnthropicError
   */
  countTokens(params: E['countTokens'], options?: SyncRequestOptions): E['tokensCount'];

  /** Requests that the API processes within 24 hours, at half the price. */
  readonly batches: SyncBatches<E>;

  /** The same with the response: status, headers, request id, rate limits. */
  readonly withResponse: {
    /** `create`, with its response. @throws AnthropicError */
    create<S extends boolean | undefined = undefined>(
      params: E['stream'] & { stream?: S },
      options?: SyncRequestOptions,
    ): WithResponse<
      S extends true ? SyncStream<RawMessageStreamEvent<E['message']>> : E['message']
    >;
    /** `countTokens`, with its response. @throws AnthropicError */
    countTokens(
      params: E['countTokens'],
      options?: SyncRequestOptions,
    ): WithResponse<E['tokensCount']>;
  };
}

type Format = JSONOutputFormat | null | undefined;

/** @internal `messages` over the thread that sends the requests of a client, with its options. */
export function createSyncMessages<E extends Edition>(
  calls: ThreadCalls,
  settings: ResolvedOptions,
): SyncMessagesOf<E> {
  type M = E['message'];
  const { json, made, request } = calls;
  const events = (
    call: TracedCall,
    options: SyncStreamOptions,
  ): ((owner: SourceOwner) => EventSource) => {
    return (owner) => traceSource(call.trace, request('events', call, options, owner));
  };
  const create = (
    params: CreateParams,
    options: SyncRequestOptions = {},
  ): Answer<M | SyncStream<RawMessageStreamEvent<M>>> => {
    check(options, REQUEST_OPTIONS);
    const create = (call: ApiRequest): TracedCall => made(call, { operation: 'create', params });
    return sendCreate(params, options, {
      json: (call) => json<M>(create(call), options),
      raw: (call) => {
        const traced = create(call);
        const sent = request('raw', traced, options);
        return openRaw<M>(sent, traceSource(traced.trace, sent));
      },
      whole: (call) => collect<M>(events(create(call), options)),
    });
  };
  const countTokens = (
    params: object,
    options: SyncRequestOptions = {},
  ): Answer<E['tokensCount']> => {
    check(options, REQUEST_OPTIONS);
    const call = countTokensRequest(params, options);
    return json(made(call, { operation: 'countTokens', params }), options);
  };
  const stream = (
    params: object,
    options: SyncStreamOptions,
    signals?: AbortSignals,
    turn?: TurnOf,
  ): SyncMessageStream<M> => {
    check(options, STREAM_OPTIONS);
    const call = streamRequest(params, options);
    const open = events(made(call, { operation: 'stream', params, turn }), options);
    const format = outputFormatIn(params);
    return format === undefined
      ? new SyncMessageStream<M>(open, signals)
      : new SyncOutputMessageStream<unknown, unknown, M>(open, signals, format);
  };
  return {
    create: ((...call: Parameters<typeof create>) =>
      create(...call).data) as SyncMessagesOf<E>['create'],

    stream: ((params: object, options: SyncStreamOptions = {}) =>
      stream(params, options)) as SyncMessagesOf<E>['stream'],

    toolRunner: ((params: object, options: SyncRunnerOptions = {}) => {
      check(options, RUNNER_OPTIONS);
      if (isPlain(params)) refuseMisplaced(params, 'messages.toolRunner');
      return new SyncToolRunner<M>(stream, params, options, traceRun(settings, params));
    }) as SyncMessagesOf<E>['toolRunner'],

    countTokens: (...call) => countTokens(...call).data,

    batches: createSyncBatches<E>(calls),

    withResponse: {
      create: ((...call: Parameters<typeof create>) =>
        withResponse(create(...call))) as SyncMessagesOf<E>['withResponse']['create'],
      countTokens: (...call) => withResponse(countTokens(...call)),
    },
  };
}

/** A message that is streamed and returned whole. */
function collect<M extends Edition['message']>(
  open: (owner: SourceOwner) => EventSource,
): Answer<M> {
  const core = new InterruptibleMessageCore(open);
  try {
    const data = core.completeNow() as UntypedMessage;
    return { data: data as unknown as M, head: core.head as ResponseHead };
  } catch (thrown) {
    throw reasonOf(thrown);
  }
}

function openRaw<M extends Edition['message']>(
  request: ThreadRequest,
  source: EventSource,
): Answer<SyncStream<RawMessageStreamEvent<M>>> {
  const head = connect(source);
  const data = new SyncStream<RawMessageStreamEvent<M>>({
    head: () => request.head ?? head,
    next: () => source.next(NEVER_PENDING) as RawMessageStreamEvent<M> | undefined,
    cancel: (reason) => source.cancel(reason),
  });
  return { data, head };
}
