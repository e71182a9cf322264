import type { UntypedBlock } from '../../message/untyped.js';
import type { AnyMessage, BetaContentBlock } from '../../wire/beta.js';
import type { TextCitation } from '../../wire/citations.js';
import type { ErrorType } from '../../wire/errors.js';
import type { RefusalCategory } from '../../wire/message.js';
import { emulatedError } from '../model/error.js';
import type { Fault } from '../model/fault.js';
import type {
  ContentReply,
  ErrorReply,
  EventsReply,
  FaultyReply,
  MessageReply,
  PacedReply,
  RawEvent,
  RawReply,
  Reply,
  ReplyOptions,
} from '../model/reply.js';
import { signatureOf } from '../model/signature.js';
import { type Step, sent } from '../model/step.js';
import type { Pace } from '../time/pace.js';

export interface ThinkingReplyOptions extends ReplyOptions {
  /** Default: one that depends on the text alone. */
  signature?: string;
}

export interface ToolUseReplyOptions extends ReplyOptions {
  /** The id of the `tool_use` block. Default: counted. */
  id?: string;
}

export interface RefusalReplyOptions extends ReplyOptions {
  /** What was written before. Default: nothing. */
  text?: string;
  category?: RefusalCategory;
  explanation?: string;
}

/** Options of `reply.error`. */
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
   * @param input a string is the JSON as the model wrote it, which may be cut or invalid: a message
   * without a stream has the input `{}` then.
   * @throws TypeError when an input that is an object cannot be written as JSON.
   */
  toolUse(name: string, input: object | string, options?: ToolUseReplyOptions): ContentReply;
  /**
   * A call of a tool that the API runs, and its result.
   * @param result the `content` of the result block; undefined: none, and the stop reason is
   * `pause_turn`.
   */
  serverTool(
    name: string,
    input: object,
    result?: unknown,
    options?: ToolUseReplyOptions,
  ): ContentReply;
  /** A text block with its citations, which stream after the text. */
  citations(text: string, citations: readonly TextCitation[], options?: ReplyOptions): ContentReply;
  /** Any block, GA or beta, as it is. */
  block(block: BetaContentBlock, options?: ReplyOptions): ContentReply;
  /** A message that ends with the stop reason `refusal`. */
  refusal(options?: RefusalReplyOptions): ContentReply;
  /** A message that ends with the stop reason `max_tokens`: a text, or any content. */
  maxTokens(content: string | ContentReply): ContentReply;
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
  /** This message, id and usage included, GA or beta. It streams like tokens. */
  message(message: AnyMessage): MessageReply;
  /**
   * A response to the byte.
   * @param body its pieces, each a chunk; bytes, text as UTF-8, or milliseconds to wait.
   */
  raw(
    status: number,
    headers: Readonly<Record<string, string>>,
    body: Iterable<string | Uint8Array | number>,
  ): RawReply;
  /** A reply on whose way something goes wrong: faults, each done to what the one before left. */
  faulty(reply: Reply, ...faults: readonly Fault[]): FaultyReply;
  /** A reply with a pace of its own, in place of the emulator's. */
  paced(reply: Reply, pace: Pace): PacedReply;
}

/** Makes replies; one line each. */
export const reply: ReplyMakers = {
  text: (text, options = {}) => content([{ type: 'text', text }], options),

  thinking: (thinking, { signature = signatureOf(thinking), ...options } = {}) =>
    content([{ type: 'thinking', thinking, signature }], options),

  toolUse: (name, input, { id, ...options } = {}) => content([call(name, input, id)], options),

  serverTool: (name, input, result, { id, ...options } = {}) => {
    const use = { ...call(name, input as object, id), type: 'server_tool_use' };
    if (result === undefined) return content([use], { stop_reason: 'pause_turn', ...options });
    return content([use, { type: resultType(name), tool_use_id: id, content: result }], options);
  },

  citations: (text, citations, options = {}) =>
    content([{ type: 'text', text, citations: [...citations] }], options),

  block: (block, options = {}) => content([{ ...block }], options),

  refusal: ({ text = '', category = null, explanation = null, ...options } = {}) =>
    content(text === '' ? [] : [{ type: 'text', text }], {
      stop_reason: 'refusal',
      stop_details: { type: 'refusal', category, explanation },
      ...options,
    }),

  maxTokens: (cut) => {
    const { blocks, fields } = typeof cut === 'string' ? reply.text(cut) : cut;
    return content(blocks, { ...fields, stop_reason: 'max_tokens' });
  },

  sequence: (...replies) => {
    refuseUnfit(replies);
    const parts = replies.map((part) =>
      part.kind === 'error' ? { blocks: [], fields: {}, error: part.error } : part,
    );
    return {
      ...content(
        parts.flatMap(({ blocks }) => blocks),
        Object.assign({}, ...parts.map(({ fields }) => fields)),
      ),
      error: parts.at(-1)?.error,
    };
  },

  error: (typeOrStatus, message, { headers } = {}) => ({
    kind: 'error',
    error: emulatedError(typeOrStatus, message, headers),
  }),

  events: (events) => ({ kind: 'events', events }),

  message: (message) => ({ kind: 'message', message }),

  raw: (status, headers, body) => ({ kind: 'raw', status, headers, steps: stepsOf(body) }),

  faulty: (reply, ...faults) => ({ kind: 'faulty', reply, faults }),

  paced: (reply, pace) => ({ kind: 'paced', reply, pace }),
};

/** Can be taken more than once, as far as the body can. */
function stepsOf(body: Iterable<string | Uint8Array | number>): Iterable<Step> {
  return {
    *[Symbol.iterator]() {
      for (const piece of body) {
        if (typeof piece === 'number') yield { wait: piece };
        else yield typeof piece === 'string' ? sent(piece) : { bytes: piece };
      }
    },
  };
}

function content(blocks: readonly UntypedBlock[], fields: ReplyOptions): ContentReply {
  return { kind: 'content', blocks, fields, error: undefined };
}

function call(name: string, input: object | string, id: string | undefined): UntypedBlock {
  const block = { type: 'tool_use', id, name, input: {} as unknown, caller: { type: 'direct' } };
  if (typeof input !== 'string') return { ...block, input: asJson(name, input) };
  const value = parsed(input);
  // Not `cut`, which to toEvents() is a block that is still open: the API ends what max_tokens cut.
  const status = value === undefined ? 'invalid' : 'complete';
  return { ...block, input: value ?? {}, inputState: { status, json: input } };
}

function parsed(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
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

/** Both kinds of tool search have one kind of result. */
function resultType(name: string): string {
  return `${name.replace(/^(tool_search_tool)_.*/, '$1').replace(/_tool$/, '')}_tool_result`;
}

function refuseUnfit(replies: readonly Reply[]): void {
  for (const [at, part] of replies.entries()) {
    if (part.kind !== 'content' && part.kind !== 'error') {
      throw new TypeError(
        `reply.${part.kind} is a whole reply: sequence takes replies of blocks, and error`,
      );
    }
    if (part.error !== undefined && at < replies.length - 1) {
      throw new TypeError('nothing is sent after an error: make it the last one of the sequence');
    }
  }
}
