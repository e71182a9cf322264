import {
  countTokensRequest,
  createRequest,
  isLong,
  streamRequest,
} from '../resources/message-requests.js';
import type { Beta, CreateParams, Edition, GA } from '../resources/messages.js';
import { checkRequest, STREAM_OPTIONS } from '../resources/request-options.js';
import { recoverOptions } from '../stream/recover/options.js';
import type { SourceOwner } from '../stream/source.js';
import type { ApiRequest, ResolvedOptions } from '../transport/options.js';
import { checkMaxRetries } from '../transport/retry.js';
import { withTimeout } from '../transport/timeouts.js';
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

/** `messages` over the settings of a client and the thread that sends its requests. */
export function createSyncMessages<E extends Edition>(
  settings: ResolvedOptions,
  thread: () => Thread,
): SyncMessagesOf<E> {
  type M = E['message'];
  const request = (
    kind: ResponseKind,
    call: ApiRequest,
    options: SyncStreamOptions,
    owner?: SourceOwner,
  ): ThreadRequest => {
    assertTransferable(options);
    checkRequest(options, STREAM_OPTIONS);
    checkMaxRetries(options.maxRetries ?? settings.maxRetries);
    withTimeout(settings.timeouts, options.timeout);
    recoverOptions(options.recover);
    return new ThreadRequest(thread, { kind, call, options }, settings.observe, owner);
  };
  const stream = (call: ApiRequest, options: SyncStreamOptions): SyncMessageStream<M> =>
    new SyncMessageStream<M>((owner) => request('events', call, options, owner));
  return {
    create: ((params: CreateParams, options: SyncRequestOptions = {}) => {
      const call = createRequest(params);
      if (call.stream) return openRaw<M>(request('events', call, options));
      if (isLong(params)) return stream(streamRequest(params), options).getFinalMessage();
      return request('json', call, options).data() as M;
    }) as SyncMessagesOf<E>['create'],

    stream: (params, options = {}) => stream(streamRequest(params), options),

    countTokens: (params, options = {}) =>
      request('json', countTokensRequest(params), options).data() as E['tokensCount'],
  };
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
