import type { UntypedBlock } from '../../message/untyped.js';
import type { AnyMessage, BetaContentBlock } from '../../wire/beta.js';
import type { TextCitation } from '../../wire/citations.js';
import type { ErrorType } from '../../wire/errors.js';
import type { RefusalCategory } from '../../wire/message.js';
import { toCreditError, toEmulatedError } from '../model/error.js';
import type { Fault } from '../model/fault.js';
import type {
  ContentReply,
  ErrorReply,
  EventsReply,
  FaultyReply,
  MessageReply,
  Pace,
  PacedReply,
  RawReply,
  Reply,
  ReplyOptions,
} from '../model/reply.js';
import { toSignature } from '../model/signature.js';
import { type RawEvent, type Step, toTextStep } from '../model/step.js';

/** Creates the replies of an emulator. Each answers requests with and without a stream. */
export interface ReplyMakers {
  /** A text block. It streams like tokens, word by word. */
  text(text: string, options?: ReplyOptions): ContentReply;
  /** A thinking block. @param options.signature default: depends on the text alone. */
  thinking(thinking: string, options?: ReplyOptions & { signature?: string }): ContentReply;
  /**
   * A tool call. If it is the last block, the stop reason is `tool_use`.
   * @param input a string is the JSON as the model wrote it, which can be cut or invalid: a message
   * without a stream then has the input `{}`.
   * @param options.id default: counts up.
   * @throws TypeError if an input object can't be written as JSON.
   */
  toolUse(
    name: string,
    input: object | string,
    options?: ReplyOptions & { id?: string },
  ): ContentReply;
  /**
   * A call of a tool that the API runs, and its result.
   * @param result the `content` of the result block; undefined: no result, and the stop reason is
   * `pause_turn`.
   */
  serverTool(
    name: string,
    input: object,
    result?: unknown,
    options?: ReplyOptions & { id?: string },
  ): ContentReply;
  /** A text block with its citations, which stream after the text. */
  citations(text: string, citations: readonly TextCitation[], options?: ReplyOptions): ContentReply;
  /** Any block, GA or beta, unchanged. */
  block(block: BetaContentBlock, options?: ReplyOptions): ContentReply;
  /**
   * A message that ends with the stop reason `refusal`.
   * @param options.text what the model wrote before. Default: nothing.
   */
  refusal(
    options?: ReplyOptions & { text?: string; category?: RefusalCategory; explanation?: string },
  ): ContentReply;
  /** A message that ends with the stop reason `max_tokens`: a text, or any content. */
  maxTokens(content: string | ContentReply): ContentReply;
  /**
   * One message with all the blocks. If options conflict, the last ones win.
   *
   * With `reply.error` at the end the message breaks off there: the block before stays open, and an
   * `error` event follows. A request without a stream gets only the error.
   * @throws TypeError if something follows an error, or a reply isn't made of blocks.
   */
  sequence(...replies: readonly (ContentReply | ErrorReply)[]): ContentReply;
  /**
   * An error response of the API.
   * @param typeOrStatus such as `'overloaded_error'` or `529`. `'billing_error'` is what no credit gives, an
   *   `invalid_request_error` with status 400; the type of that name has the status 402.
   * @param options.headers more headers, such as `retry-after`; an error inside a stream has none.
   * @throws TypeError for a status that isn't an error.
   */
  error(
    typeOrStatus: ErrorType | number,
    message?: string,
    options?: { headers?: Readonly<Record<string, string>> },
  ): ErrorReply;
  /**
   * Exactly these events and nothing else, taken one by one as the client reads. A request without a
   * stream gets the message that they form.
   */
  events(events: Iterable<RawEvent>): EventsReply;
  /** This message, GA or beta, including id and usage. It streams like tokens. */
  message(message: AnyMessage): MessageReply;
  /**
   * A response byte for byte.
   * @param body its pieces, each one chunk: bytes, text as UTF-8, or milliseconds to wait.
   */
  raw(
    status: number,
    headers: Readonly<Record<string, string>>,
    body: Iterable<string | Uint8Array | number>,
  ): RawReply;
  /** A reply with faults: each changes what the previous one left. */
  faulty(reply: Reply, ...faults: readonly Fault[]): FaultyReply;
  /** A reply with its own pace, which overrides the emulator's. */
  paced(reply: Reply, pace: Pace): PacedReply;
}

/** Creates replies, one line each. */
export const reply: ReplyMakers = {
  text: (text, options = {}) => toContent([{ type: 'text', text }], options),

  thinking: (thinking, { signature = toSignature(thinking), ...options } = {}) =>
    toContent([{ type: 'thinking', thinking, signature }], options),

  toolUse: (name, input, { id, ...options } = {}) => toContent([toCall(name, input, id)], options),

  serverTool: (name, input, result, { id, ...options } = {}) => {
    const use = { ...toCall(name, input, id), type: 'server_tool_use' };
    if (result === undefined) return toContent([use], { stop_reason: 'pause_turn', ...options });
    const block = { type: toResultType(name), tool_use_id: id, content: result };
    return toContent([use, block], options);
  },

  citations: (text, citations, options = {}) =>
    toContent([{ type: 'text', text, citations: [...citations] }], options),

  block: (block, options = {}) => toContent([{ ...block }], options),

  refusal: ({ text = '', category = null, explanation = null, ...options } = {}) =>
    toContent(text === '' ? [] : [{ type: 'text', text }], {
      stop_reason: 'refusal',
      stop_details: { type: 'refusal', category, explanation },
      ...options,
    }),

  maxTokens: (content) => {
    const { blocks, fields } = typeof content === 'string' ? reply.text(content) : content;
    return toContent(blocks, { ...fields, stop_reason: 'max_tokens' });
  },

  sequence: (...replies) => {
    assertParts(replies);
    const parts = replies.map((part) =>
      part.kind === 'error' ? { blocks: [], fields: {}, error: part.error } : part,
    );
    return {
      ...toContent(
        parts.flatMap(({ blocks }) => blocks),
        Object.assign({}, ...parts.map(({ fields }) => fields)),
      ),
      error: parts.at(-1)?.error,
    };
  },

  error: (typeOrStatus, message, { headers } = {}) => ({
    kind: 'error',
    error:
      typeOrStatus === 'billing_error'
        ? toCreditError(message, headers)
        : toEmulatedError(typeOrStatus, message, headers),
  }),

  events: (events) => ({ kind: 'events', events }),

  message: (message) => ({ kind: 'message', message }),

  raw: (status, headers, body) => ({ kind: 'raw', status, headers, steps: toSteps(body) }),

  faulty: (reply, ...faults) => ({ kind: 'faulty', reply, faults }),

  paced: (reply, pace) => ({ kind: 'paced', reply, pace }),
};

/** Can be iterated more than once if the body can. */
function toSteps(body: Iterable<string | Uint8Array | number>): Iterable<Step> {
  return {
    *[Symbol.iterator]() {
      for (const piece of body) {
        if (typeof piece === 'number') yield { wait: piece };
        else yield typeof piece === 'string' ? toTextStep(piece) : { bytes: piece };
      }
    },
  };
}

function toContent(blocks: readonly UntypedBlock[], fields: ReplyOptions): ContentReply {
  return { kind: 'content', blocks, fields, error: undefined };
}

function toCall(name: string, input: object | string, id: string | undefined): UntypedBlock {
  const block = { type: 'tool_use', id, name, input: {} as unknown, caller: { type: 'direct' } };
  if (typeof input !== 'string') return { ...block, input: copyAsJson(name, input) };
  const value = parseJson(input);
  const status = value === undefined ? 'invalid' : 'complete';
  return { ...block, input: value ?? {}, inputState: { status, json: input } };
}

function parseJson(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
}

/** Copies now, so that later changes by the caller don't reach the reply. */
function copyAsJson(name: string, input: object): unknown {
  try {
    return JSON.parse(JSON.stringify(input));
  } catch (cause) {
    throw new TypeError(`reply.toolUse('${name}', input) needs an input that JSON can represent`, {
      cause,
    });
  }
}

/** Both kinds of tool search have one type of result. */
function toResultType(name: string): string {
  return `${name.replace(/^(tool_search_tool)_.*/, '$1').replace(/_tool$/, '')}_tool_result`;
}

function assertParts(replies: readonly Reply[]): void {
  for (const [at, part] of replies.entries()) {
    if (part.kind !== 'content' && part.kind !== 'error') {
      throw new TypeError(
        `reply.sequence() can't contain reply.${part.kind}(): it takes replies made of blocks, and reply.error()`,
      );
    }
    if (part.error !== undefined && at < replies.length - 1) {
      throw new TypeError(
        'nothing can follow reply.error(): make it the last part of reply.sequence()',
      );
    }
  }
}
