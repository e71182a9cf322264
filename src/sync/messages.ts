import { checkOptions, type OptionCheck } from '../check-options.js';
import {
  countTokensRequest,
  createRequest,
  isLong,
  streamRequest,
} from '../resources/message-requests.js';
import type { Beta, CreateParams, Edition, GA } from '../resources/messages.js';
import { REQUEST_OPTIONS, STREAM_OPTIONS } from '../resources/request-options.js';
import type { SourceOwner } from '../stream/source.js';
import type { ApiRequest } from '../transport/options.js';
import type { RawMessageStreamEvent } from '../wire/events.js';
import { assertTransferable, type SyncRequestOptions, type SyncStreamOptions } from './options.js';
import type { ResponseKind } from './protocol.js';
import { SyncMessageStream } from './sync-message-stream.js';
import { SyncStream } from './sync-stream.js';
import type { Thread } from './thread.js';
import { ThreadRequest } from './thread-request.js';

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
   * goes out at the first need. Fails only where the stream is read.
   */
  stream(params: E['stream'], options?: SyncStreamOptions): SyncMessageStream<E['message']>;

  /**
   * How many input tokens the params come to. Nothing is generated.
   * @throws AnthropicError
   */
  countTokens(params: E['countTokens'], options?: SyncRequestOptions): E['tokensCount'];
}

/** `messages` over the thread that sends the requests of a client. */
export function createSyncMessages<E extends Edition>(thread: () => Thread): SyncMessagesOf<E> {
  type M = E['message'];
  const request = (
    kind: ResponseKind,
    call: ApiRequest,
    // What is in the call already need not cross to the other thread.
    { extraBody: _, ...options }: SyncStreamOptions,
    owner?: SourceOwner,
  ): ThreadRequest => new ThreadRequest(thread, { kind, call, options }, owner);
  const stream = (params: object, options: SyncStreamOptions): SyncMessageStream<M> => {
    const call = streamRequest(params, options);
    return new SyncMessageStream<M>((owner) => request('events', call, options, owner));
  };
  return {
    create: ((params: CreateParams, options: SyncRequestOptions = {}) => {
      check(options, REQUEST_OPTIONS);
      const call = createRequest(params, options);
      if (call.stream) return openRaw<M>(request('events', call, options));
      if (isLong(params, options)) return stream(params, options).getFinalMessage();
      return request('json', call, options).data() as M;
    }) as SyncMessagesOf<E>['create'],

    stream: (params, options = {}) => {
      check(options, STREAM_OPTIONS);
      return stream(params, options);
    },

    countTokens: (params, options = {}) => {
      check(options, REQUEST_OPTIONS);
      const call = countTokensRequest(params, options);
      return request('json', call, options).data() as E['tokensCount'];
    },
  };
}

function check(options: object, checks: Readonly<Record<string, OptionCheck>>): void {
  assertTransferable(options);
  checkOptions(options, checks);
}

function openRaw<M extends Edition['message']>(
  request: ThreadRequest,
): SyncStream<RawMessageStreamEvent<M>> {
  const first = request.connect();
  return new SyncStream<RawMessageStreamEvent<M>>({
    head: () => request.head ?? first,
    next: () => request.next() as RawMessageStreamEvent<M> | undefined,
    cancel: () => request.cancel(),
  });
}
