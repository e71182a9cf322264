import { resultIn } from '../resources/batch-results-source.js';
import type { Edition } from '../resources/edition.js';
import { batchRequest } from '../resources/message-requests.js';
import { BATCHES, itemRequest } from '../resources/plain-requests.js';
import { REQUEST_OPTIONS } from '../resources/request-options.js';
import { traceSource } from '../stream/traced-source.js';
import type {
  DeletedMessageBatch,
  MessageBatch,
  MessageBatchIndividualResponse,
} from '../wire/batches.js';
import type { PageParams } from '../wire/page.js';
import { getPage, send } from './models.js';
import type { SyncRequestOptions } from './options.js';
import { SyncBatchResults } from './sync-batch-results.js';
import type { SyncPage } from './sync-page.js';
import { check, connect, type ThreadCalls } from './thread-calls.js';

/** `client.messages.batches` of a blocking client. */
export interface SyncBatches<E extends Edition> {
  /**
   * Sends requests to be processed within 24 hours. A request that is invalid is no error here, but a result.
   * @throws AnthropicError
   */
  create(params: E['batch'], options?: SyncRequestOptions): MessageBatch;

  /** A batch, to see whether it has ended. @throws AnthropicError */
  retrieve(id: string, options?: SyncRequestOptions): MessageBatch;

  /** The batches, the newest first: a page, and in a loop all of them. @throws AnthropicError */
  list(params?: PageParams, options?: SyncRequestOptions): SyncPage<MessageBatch>;

  /**
   * Cancels what isn't processed yet. The batch is `canceling` until the rest has ended.
   * @throws AnthropicError
   */
  cancel(id: string, options?: SyncRequestOptions): MessageBatch;

  /** Deletes a batch that has ended. @throws AnthropicError */
  delete(id: string, options?: SyncRequestOptions): DeletedMessageBatch;

  /**
   * The results of a batch that has ended, one by one, in any order. Where the response breaks off, also between
   * two lines, it is requested again, and goes on with what is missing.
   * @throws AnthropicError where there are no results yet, or no longer.
   */
  results(
    id: string,
    options?: SyncRequestOptions,
  ): SyncBatchResults<MessageBatchIndividualResponse<E['message']>>;
}

/** @internal */
export function createSyncBatches<E extends Edition>(calls: ThreadCalls): SyncBatches<E> {
  const item =
    <T>(method: 'GET' | 'POST' | 'DELETE', action?: string) =>
    (id: string, options: SyncRequestOptions = {}): T => {
      check(options, REQUEST_OPTIONS);
      return send<T>(calls, 'batches', itemRequest(method, BATCHES, id, action), options);
    };
  return {
    create: (params, options = {}) => {
      check(options, REQUEST_OPTIONS);
      return send<MessageBatch>(calls, 'batches', batchRequest(params, options), options);
    },
    retrieve: item('GET'),
    list: (params = {}, options = {}) => {
      check(options, REQUEST_OPTIONS);
      return getPage<MessageBatch>(calls, 'batches', params, options);
    },
    cancel: item('POST', '/cancel'),
    delete: item('DELETE'),
    results: (id, options = {}) => {
      check(options, REQUEST_OPTIONS);
      const call = itemRequest('GET', BATCHES, id);
      const made = calls.made(call, { operation: 'batches', params: undefined });
      const sent = calls.request('results', made, options);
      const source = traceSource(made.trace, sent);
      const head = connect(source);
      return new SyncBatchResults({
        head: () => sent.head ?? head,
        next: (wake) => resultIn(source.next(wake)),
        cancel: (reason) => source.cancel(reason),
      });
    },
  };
}
