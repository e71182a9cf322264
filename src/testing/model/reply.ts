import type { UntypedBlock } from '../../message/untyped.js';
import type { AnyMessage, BetaStopDetails, BetaStopReason } from '../../wire/beta.js';
import type { Message } from '../../wire/message.js';
import type { Usage } from '../../wire/usage.js';
import type { Pace } from '../time/pace.js';
import type { EmulatedError } from './error.js';
import type { Fault } from './fault.js';
import type { Step } from './step.js';

/** What the emulator is to answer. Plain data, made by the functions of `reply`. */
export type Reply =
  | ContentReply
  | MessageReply
  | EventsReply
  | ErrorReply
  | RawReply
  | FaultyReply
  | PacedReply;

/** A message of some blocks, which may break off with an error. */
export interface ContentReply {
  readonly kind: 'content';
  /** The emulator gives ids to the tool calls and results that have none. */
  readonly blocks: readonly UntypedBlock[];
  readonly fields: ReplyOptions;
  readonly error: EmulatedError | undefined;
}

/** A message that is given whole. */
export interface MessageReply {
  readonly kind: 'message';
  readonly message: AnyMessage;
}

/** Events that are sent as they are. */
export interface EventsReply {
  readonly kind: 'events';
  readonly events: Iterable<RawEvent>;
}

/** An error in place of an answer. */
export interface ErrorReply {
  readonly kind: 'error';
  readonly error: EmulatedError;
}

/** A response that is given to the byte. */
export interface RawReply {
  readonly kind: 'raw';
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly steps: Iterable<Step>;
}

/** A reply on whose way something goes wrong. */
export interface FaultyReply {
  readonly kind: 'faulty';
  readonly reply: Reply;
  readonly faults: readonly Fault[];
}

/** A reply with a pace of its own. */
export interface PacedReply {
  readonly kind: 'paced';
  readonly reply: Reply;
  readonly pace: Pace;
}

/** An event to be sent, whatever it is. */
export interface RawEvent {
  readonly type: string;
}

/** Fields of the message that differ from what the emulator would say. */
export interface ReplyOptions
  extends Partial<Pick<Message, 'model' | 'container' | 'stop_sequence'>> {
  stop_reason?: BetaStopReason | null;
  stop_details?: BetaStopDetails | null;
  /** Counters to set; the others stay an estimate of 4 characters a token. */
  usage?: Partial<Usage>;
}
