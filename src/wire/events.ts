import type { AnyMessage, BetaContentBlockDelta, BetaOnlyBlock } from './beta.js';
import type { ContentBlockDelta } from './deltas.js';
import type { ErrorBody } from './errors.js';
import type { Message } from './message.js';
import type { UnknownObject } from './open.js';
import type { Usage } from './usage.js';

/**
 * An event as the API sends it. `M` is the message that the events make: `Message`, or
 * `BetaMessage` for the events of `client.beta`.
 */
export type RawMessageStreamEvent<M extends AnyMessage = Message> =
  | RawMessageStartEvent<M>
  | RawContentBlockStartEvent<M>
  | RawContentBlockDeltaEvent<M>
  | RawContentBlockStopEvent
  | RawMessageDeltaEvent<M>
  | RawMessageStopEvent
  | PingEvent
  | ErrorEvent
  | UnknownEvent;

export interface RawMessageStartEvent<M extends AnyMessage = Message> {
  type: 'message_start';
  /** Without content as a rule, with null stop fields and placeholder usage. */
  message: M;
}

export interface RawContentBlockStartEvent<M extends AnyMessage = Message> {
  type: 'content_block_start';
  /** The block's place in the final `content`. */
  index: number;
  /** With empty text, thinking or input; blocks that have no deltas come whole. */
  content_block: M['content'][number];
}

export interface RawContentBlockDeltaEvent<M extends AnyMessage = Message> {
  type: 'content_block_delta';
  index: number;
  delta: DeltaOf<M>;
}

export interface RawContentBlockStopEvent {
  type: 'content_block_stop';
  index: number;
}

/** What is known once the content is complete. There may be several; the last one holds. */
export type RawMessageDeltaEvent<M extends AnyMessage = Message> = {
  type: 'message_delta';
  /** A null `container` leaves the message's as it was; the others overwrite. */
  delta: Pick<M, 'stop_reason' | 'stop_sequence' | 'stop_details' | 'container'>;
  usage: MessageDeltaUsage<M['usage']>;
} & Pick<M, keyof M & ('context_management' | 'input_transformations')>;

/** Totals so far, never to be added up. What is null or absent leaves the message's as it was. */
export type MessageDeltaUsage<U extends Usage = Usage> = {
  [Counter in keyof U]?: U[Counter] | null;
} & Pick<U, 'output_tokens'>;

export interface RawMessageStopEvent {
  type: 'message_stop';
}

/** The API is alive but has nothing to say yet. */
export interface PingEvent {
  type: 'ping';
}

/** The request failed after HTTP 200. Nothing follows. */
export type ErrorEvent = ErrorBody;

export type UnknownEvent = UnknownObject;

/**
 * An event as a MessageStream hands it out: no pings, errors are thrown, and the two ends carry
 * what they end.
 */
export type MessageStreamEvent<M extends AnyMessage = Message> =
  | MessageStartEvent<M>
  | ContentBlockStartEvent<M>
  | ContentBlockDeltaEvent<M>
  | ContentBlockStopEvent<M>
  | MessageDeltaEvent<M>
  | MessageStopEvent<M>
  | UnknownEvent;

export type MessageStartEvent<M extends AnyMessage = Message> = RawMessageStartEvent<M>;

export type ContentBlockStartEvent<M extends AnyMessage = Message> = RawContentBlockStartEvent<M>;

export type ContentBlockDeltaEvent<M extends AnyMessage = Message> = RawContentBlockDeltaEvent<M>;

export interface ContentBlockStopEvent<M extends AnyMessage = Message>
  extends RawContentBlockStopEvent {
  /** The finished block. */
  content_block: M['content'][number];
}

export type MessageDeltaEvent<M extends AnyMessage = Message> = RawMessageDeltaEvent<M>;

export interface MessageStopEvent<M extends AnyMessage = Message> extends RawMessageStopEvent {
  /** The finished message. */
  message: M;
}

/** The deltas of the blocks that `M` may have. */
type DeltaOf<M extends AnyMessage> = BetaOnlyBlock extends M['content'][number]
  ? BetaContentBlockDelta
  : ContentBlockDelta;
