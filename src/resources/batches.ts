import { checkOptions } from '../check-options.js';
import type { RequestOptions, ResolvedOptions } from '../transport/options.js';
import type {
  DeletedMessageBatch,
  MessageBatch,
  MessageBatchIndividualResponse,
} from '../wire/batches.js';
import type { PageParams } from '../wire/page.js';
import type { BatchResults } from './batch-results.js';
import type { Edition } from './edition.js';
import { batchRequest } from './message-requests.js';
import { callPlain, type PagePromise, pagePromise } from './plain-calls.js';
import { REQUEST_OPTIONS } from './request-options.js';
import { type Answer, type ResponsePromise, responsePromise } from './response-promise.js';
import { traced } from './traced-call.js';

/** `client.messages.batches`. */
export interface Batches<E extends Edition> {
  /**
   * Sends requests to be processed within 24 hours. A request that is invalid is no error here, but a result.
   * @throws AnthropicError (rejects)
   */
  create(params: E['batch'], options?: RequestOptions): ResponsePromise<MessageBatch>;

  /** A batch, to see whether it has ended. @throws AnthropicError (rejects) */
  retrieve(id: string, options?: RequestOptions): ResponsePromise<MessageBatch>;

  /** The batches, the newest first: `await` gives a page, `for await` all of them. @throws AnthropicError (rejects) */
  list(params?: PageParams, options?: RequestOptions): PagePromise<MessageBatch>;

  /**
   * Cancels what isn't processed yet. The batch is `canceling` until the rest has ended.
   * @throws AnthropicError (rejects)
   */
  cancel(id: string, options?: RequestOptions): ResponsePromise<MessageBatch>;

  /** Deletes a batch that has ended. @throws AnthropicError (rejects) */
  delete(id: string, options?: RequestOptions): ResponsePromise<DeletedMessageBatch>;

  /**
   * The results of a batch that has ended, one by one, in any order. Where the response breaks off, also between
   * two lines, it is requested again, and goes on with what is missing.
   * @throws AnthropicError (rejects) where there are no results yet, or no longer.
   */
  results(
    id: string,
    options?: RequestOptions,
  ): ResponsePromise<BatchResults<MessageBatchIndividualResponse<E['message']>>>;
}

export function createBatches<E extends Edition>(settings: ResolvedOptions): Batches<E> {
  const item =
    <T>(method: 'GET' | 'POST' | 'DELETE', action?: string) =>
    (id: string, options?: RequestOptions): ResponsePromise<T> =>
      responsePromise(
        callPlain(settings, options, (methods, make, options) =>
          methods.sendItem<T>(make, options, 'batches', method, id, action),
        ),
      );
  // Async, so that invalid params reject. They are serialized now: the caller may change them.
  const create = async (
    params: object,
    options: RequestOptions = {},
  ): Promise<Answer<MessageBatch>> => {
    checkOptions(options, REQUEST_OPTIONS);
    const call = batchRequest(params, options);
    const made = await traced(settings, call, { operation: 'batches', params });
    return callPlain(settings, options, (methods, _, options) =>
      methods.sendMade<MessageBatch>(made, options),
    );
  };
  return {
    create: (...call) => responsePromise(create(...call)),
    retrieve: item('GET'),
    list: (params, options) =>
      pagePromise(
        callPlain(settings, options, (methods, make, options) =>
          methods.getPage<MessageBatch>(make, options, 'batches', params),
        ),
      ),
    cancel: item('POST', '/cancel'),
    delete: item('DELETE'),
    results: (id, options) =>
      responsePromise(
        callPlain(settings, options, (methods, make, options) =>
          methods.getResults(make, options, id),
        ),
      ),
  };
}
