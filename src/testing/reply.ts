import type { AnyMessage } from '../wire/beta.js';
import type { TextBlock, ThinkingBlock, ToolUseBlock } from '../wire/blocks.js';
import type { ErrorType } from '../wire/errors.js';
import type { Message } from '../wire/message.js';
import type { Usage } from '../wire/usage.js';
import { type EmulatedError, emulatedError } from './api-error.js';
import { signatureOf } from './signature.js';

/** What the emulator is to answer. Plain data, made by the functions of `reply`. */
export type Reply = ContentReply | MessageReply | EventsReply | ErrorReply;

/** A message of some blocks, which may break off with an error. */
export interface ContentReply {
  readonly kind: 'content';
  readonly blocks: readonly ReplyBlock[];
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

/** A block of a reply; the emulator gives the tool calls an id that have none. */
export type ReplyBlock =
  | TextBlock
  | ThinkingBlock
  | (Omit<ToolUseBlock, 'id'> & { id: string | undefined });

/** An event to be sent, whatever it is. */
export interface RawEvent {
  readonly type: string;
}

/** Fields of the message that differ from what the emulator would say. */
export interface ReplyOptions
  extends Partial<
    Pick<Message, 'model' | 'container' | 'stop_reason' | 'stop_sequence' | 'stop_details'>
  > {
  /** Counters to set; the others stay an estimate of 4 characters a token. */
  usage?: Partial<Usage>;
}

export interface ThinkingReplyOptions extends ReplyOptions {
  /** Default: one that depends on the text alone. */
  signature?: string;
}

export interface ToolUseReplyOptions extends ReplyOptions {
  /** The id of the `tool_use` block. Default: counted. */
  id?: string;
}

export interface ErrorReplyOptions {
  /** More headers for the response, such as `retry-after`; an error within a stream has none. */
  headers?: Readonly<Record<string, string>>;
}

/** Makes the replies of an emulator. Each of them answers a stream and a request without one. */
export interface ReplyMakers {
  /** A text block. It streams like tokens: word by word. */
  text(text: string, options?: ReplyOptions): ContentReply;
  /** A thinking block with its signature. */
  thinking(thinking: string, options?: ThinkingReplyOptions): ContentReply;
  /**
   * A call of a tool; where it is the last block, the stop reason is `tool_use`.
   * @throws TypeError when the input cannot be written as JSON.
   */
  toolUse(name: string, input: object, options?: ToolUseReplyOptions): ContentReply;
  /**
   * One message of all the blocks; of options that contradict each other the last one holds.
   *
   * With `reply.error` at its end the message breaks off there: the block before stays open, and an
   * `error` event follows. A request without a stream gets the error alone.
   * @throws TypeError when something follows an error, or something has no blocks to give.
   */
  sequence(...replies: readonly (ContentReply | ErrorReply)[]): ContentReply;
  /**
   * An error response of the API.
   * @param typeOrStatus such as `'overloaded_error'` or `529`.
   * @throws TypeError for a status that is not an error.
   */
  error(
    typeOrStatus: ErrorType | number,
    message?: string,
    options?: ErrorReplyOptions,
  ): ErrorReply;
  /**
   * These events, exactly as they are, and nothing else; taken one by one as the client reads. A
   * request without a stream gets the message that they make.
   */
  events(events: Iterable<RawEvent>): EventsReply;
  /** This message, id and usage included. It streams like tokens. */
  message(message: AnyMessage): MessageReply;
}

export const reply: ReplyMakers = {
  text: (text, options = {}) => content({ type: 'text', text }, options),

  thinking: (thinking, { signature = signatureOf(thinking), ...options } = {}) =>
    content({ type: 'thinking', thinking, signature }, options),

  toolUse: (name, input, { id, ...options } = {}) =>
    content(
      { type: 'tool_use', id, name, input: asJson(name, input), caller: { type: 'direct' } },
      options,
    ),

  sequence: (...replies) => {
    refuseUnfit(replies);
    const parts = replies.map((part) =>
      part.kind === 'error' ? { blocks: [], fields: {}, error: part.error } : part,
    );
    return {
      kind: 'content',
      blocks: parts.flatMap(({ blocks }) => blocks),
      fields: Object.assign({}, ...parts.map(({ fields }) => fields)),
      error: parts.at(-1)?.error,
    };
  },

  error: (typeOrStatus, message, { headers } = {}) => ({
    kind: 'error',
    error: emulatedError(typeOrStatus, message, headers),
  }),

  events: (events) => ({ kind: 'events', events }),

  message: (message) => ({ kind: 'message', message }),
};

function content(block: ReplyBlock, fields: ReplyOptions): ContentReply {
  return { kind: 'content', blocks: [block], fields, error: undefined };
}

/** A copy, made now: what the caller changes later is not part of the reply. */
function asJson(name: string, input: object): unknown {
  try {
    return JSON.parse(JSON.stringify(input));
  } catch (cause) {
    throw new TypeError(`give reply.toolUse('${name}', input) an input that can be JSON`, {
      cause,
    });
  }
}

function refuseUnfit(replies: readonly Reply[]): void {
  for (const [at, part] of replies.entries()) {
    if (part.kind !== 'content' && part.kind !== 'error') {
      throw new TypeError(
        `reply.${part.kind} is a whole reply: sequence takes text, thinking, toolUse and error`,
      );
    }
    if (part.error !== undefined && at < replies.length - 1) {
      throw new TypeError('nothing is sent after an error: make it the last one of the sequence');
    }
  }
}
