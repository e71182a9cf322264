import type { Anthropic as Core } from 'millrace';
import { type Answer, APIPromise } from '../core/api-promise.js';
import { AnthropicError } from '../core/error.js';
import type { PagePromise } from '../core/pagination.js';
import { Stream } from '../core/streaming.js';
import type { RequestOptions } from '../options.js';
import { type PlainParams, PlainResource, path } from './plain.js';

/** A batch of messages. */
export interface MessageBatch {
  id: string;
  type: 'message_batch';
  processing_status: 'in_progress' | 'canceling' | 'ended';
  request_counts: Record<'canceled' | 'errored' | 'expired' | 'processing' | 'succeeded', number>;
  created_at: string;
  expires_at: string;
  ended_at: string | null;
  archived_at: string | null;
  cancel_initiated_at: string | null;
  results_url: string | null;
}

/** One line of the results. */
export interface MessageBatchIndividualResponse {
  custom_id: string;
  result:
    | { type: 'succeeded'; message: Core.Message }
    // biome-ignore lint/suspicious/noExplicitAny: the body of an error.
    | { type: 'errored'; error: any }
    | { type: 'canceled' }
    | { type: 'expired' };
}

export interface BatchCreateParams extends PlainParams {
  requests: { custom_id: string; params: Core.MessageCreateParamsNonStreaming }[];
}

const PATH = '/v1/messages/batches';

/** `client.messages.batches`. */
export class Batches extends PlainResource {
  create(params: BatchCreateParams, options?: RequestOptions): APIPromise<MessageBatch> {
    return this.send('post', PATH, params, options);
  }

  retrieve(
    id: string,
    params?: PlainParams | null,
    options?: RequestOptions,
  ): APIPromise<MessageBatch> {
    return this.send('get', path`/v1/messages/batches/${id}`, params, options);
  }

  list(params?: PlainParams | null, options?: RequestOptions): PagePromise<MessageBatch> {
    return this.list_(PATH, params, options);
  }

  delete(
    id: string,
    params?: PlainParams | null,
    options?: RequestOptions,
  ): APIPromise<{ id: string; type: 'message_batch_deleted' }> {
    return this.send('delete', path`/v1/messages/batches/${id}`, params, options);
  }

  cancel(
    id: string,
    params?: PlainParams | null,
    options?: RequestOptions,
  ): APIPromise<MessageBatch> {
    return this.send('post', path`/v1/messages/batches/${id}/cancel`, params, options);
  }

  /** The results, one after another as they are received. @throws AnthropicError (rejects) before they are there. */
  results(
    id: string,
    params?: PlainParams | null,
    options?: RequestOptions,
  ): APIPromise<Stream<MessageBatchIndividualResponse>> {
    return new APIPromise(this.#results(id, params, options));
  }

  async #results(
    id: string,
    params?: PlainParams | null,
    options?: RequestOptions,
  ): Promise<Answer<Stream<MessageBatchIndividualResponse>>> {
    const batch = await this.retrieve(id, params, options);
    if (!batch.results_url) {
      throw new AnthropicError(
        `No batch \`results_url\`; Has it finished processing? ${batch.processing_status} - ${batch.id}`,
      );
    }
    const results = this.download_(batch.results_url, params, options);
    const { data, response, request_id } = await results.withResponse();
    if (!data.body) throw new AnthropicError(`the results of ${id} have no body`);
    return {
      data: Stream.fromReadableStream(data.body, new AbortController()),
      response,
      requestId: request_id,
    };
  }
}
