import type { UntypedBlock } from '../../message/untyped.js';
import type { AnyMessage, BetaStopDetails, BetaStopReason } from '../../wire/beta.js';
import type { Message } from '../../wire/message.js';
import type { Usage } from '../../wire/usage.js';
import type { EmulatedError } from './error.js';
import type { Fault } from './fault.js';
import type { RawEvent, Step } from './step.js';

/** What the emulator answers. Plain data; create it with the functions of `reply`. */
export type Reply =
  | ContentReply
  | MessageReply
  | EventsReply
  | ErrorReply
  | RawReply
  | FaultyReply
  | PacedReply;

/** A message made of blocks, which can break off with an error. */
export interface ContentReply {
  readonly kind: 'content';
  /** The emulator adds the ids that tool calls and results lack. */
  readonly blocks: readonly UntypedBlock[];
  readonly fields: ReplyOptions;
  /** @internal */
  readonly error: EmulatedError | undefined;
}

/** A complete message. */
export interface MessageReply {
  readonly kind: 'message';
  readonly message: AnyMessage;
}

/** Events that are sent unchanged. */
export interface EventsReply {
  readonly kind: 'events';
  readonly events: Iterable<RawEvent>;
}

/** An error instead of a message. */
export interface ErrorReply {
  readonly kind: 'error';
  /** @internal */
  readonly error: EmulatedError;
}

/** A response byte for byte. */
export interface RawReply {
  readonly kind: 'raw';
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly steps: Iterable<Step>;
}

/** A reply with faults. */
export interface FaultyReply {
  readonly kind: 'faulty';
  readonly reply: Reply;
  readonly faults: readonly Fault[];
}

/** A reply with its own pace. */
export interface PacedReply {
  readonly kind: 'paced';
  readonly reply: Reply;
  readonly pace: Pace;
}

/** Fields of the message that override what the emulator would send. */
export interface ReplyOptions
  extends Partial<Pick<Message, 'model' | 'container' | 'stop_sequence'>> {
  stop_reason?: BetaStopReason | null;
  stop_details?: BetaStopDetails | null;
  /** Counters to set; the others stay an estimate of 4 characters per token. */
  usage?: Partial<Usage>;
}

/** How fast an answer is sent. By default nothing takes time. */
export interface Pace {
  /** Time to the first token, in milliseconds. The headers and `message_start` are sent before. Default 0. */
  firstToken?: number;
  /** Each delta counts as one token. A message without a stream takes the same time. Default: no limit. */
  tokensPerSecond?: number;
  /** How much each time varies, from 0 to 1: 0.2 is up to 20 % less or more. Default 0. */
  jitter?: number;
  /** Sends a `ping` after every so many milliseconds of silence. Default: no pings. */
  pings?: number;
  /** Seeds the jitter: the same seed gives the same times. Default 0. */
  seed?: number;
}
