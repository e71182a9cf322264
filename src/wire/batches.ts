import type { ErrorBody } from './errors.js';
import type { Message } from './message.js';
import type { OpenString, UnknownObject } from './open.js';
import type { MessageCreateParams } from './params.js';

/** Requests that the API processes when it has time, within 24 hours, at half the price. */
export interface MessageBatch {
  type: 'message_batch';
  id: string;
  /** The results are there when it is `ended`. */
  processing_status: OpenString<'in_progress' | 'canceling' | 'ended'>;
  request_counts: MessageBatchRequestCounts;
  /** RFC 3339, as the other times. */
  created_at: string;
  /** What isn't processed by then expires. */
  expires_at: string;
  ended_at: string | null;
  cancel_initiated_at: string | null;
  /** When its results became unavailable. */
  archived_at: string | null;
  /** Null before it has ended. `batches.results(id)` reads what is there. */
  results_url: string | null;
}

/** How many requests are in each state; all are `processing` until the whole batch has ended. */
export interface MessageBatchRequestCounts {
  processing: number;
  succeeded: number;
  errored: number;
  canceled: number;
  expired: number;
}

/** The result of one request of a batch. They come in any order. */
export interface MessageBatchIndividualResponse<M = Message> {
  /** That of the request. */
  custom_id: string;
  result: MessageBatchResult<M>;
}

export type MessageBatchResult<M = Message> =
  | MessageBatchSucceededResult<M>
  | MessageBatchErroredResult
  | MessageBatchCanceledResult
  | MessageBatchExpiredResult
  | UnknownObject;

export interface MessageBatchSucceededResult<M = Message> {
  type: 'succeeded';
  message: M;
}

export interface MessageBatchErroredResult {
  type: 'errored';
  error: ErrorBody;
}

/** The batch was canceled before the request was processed. */
export interface MessageBatchCanceledResult {
  type: 'canceled';
}

/** The batch was 24 hours old before the request was processed. */
export interface MessageBatchExpiredResult {
  type: 'expired';
}

export interface DeletedMessageBatch {
  type: 'message_batch_deleted';
  id: string;
}

/** The params of `messages.batches.create`. */
export interface BatchCreateParams<P = MessageCreateParams> {
  requests: readonly BatchRequest<P>[];
  /** Sent in the header `anthropic-user-profile-id`. */
  user_profile_id?: string | undefined;
  /** Sent in the header `anthropic-workspace-id`. */
  workspace_id?: string | undefined;
}

/** One request of a batch. */
export interface BatchRequest<P = MessageCreateParams> {
  /** Yours, to find its result; different for each request of a batch. */
  custom_id: string;
  params: P;
}
