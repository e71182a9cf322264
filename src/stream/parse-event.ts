import { byType } from '../error-body.js';
import { StreamProtocolError } from '../errors.js';
import { endsInHalf } from '../json/ends-in-half.js';
import { isRecord } from '../json/is-record.js';
import { parseJson } from '../json/parse-json.js';
import { STRING_DELTAS, type StringDeltaKind } from '../message/kinds.js';
import type { UntypedEvent } from '../message/untyped.js';
import { saidError } from '../said-error.js';
import type { ServerSentEvent, SseDecoder } from '../sse/decoder.js';

/** How other servers end a stream: `data: [DONE]`, or an event of the name `done`. */
export const END_MARK: UntypedEvent = /* @__PURE__ */ Object.freeze({ type: 'done' });

/**
 * The raw event in a server-sent event. Its type is `data.type`; the `event:` line stands in for one that is
 * missing, and overrides it where it is `error`. A keep-alive of any shape is a ping.
 * @throws StreamProtocolError for data that may be content: half a JSON, an object without a type, or one
 * that is nested too deep.
 */
export function parseEvent(sent: ServerSentEvent): UntypedEvent {
  return parseEventWith(parseJson, sent);
}

/** The same with another parser of its JSON, such as one without limits. */
export function parseEventWith(
  parse: (data: string) => unknown,
  { event: name, data }: ServerSentEvent,
): UntypedEvent {
  if (name === 'done' || DONE.test(data)) return END_MARK;
  let value: unknown;
  try {
    value = data.trim() === '' ? undefined : parse(data);
  } catch (cause) {
    if (name === 'error') return { type: 'error', error: data };
    if (isKeepAlive(name, data)) return { type: 'ping' };
    const what =
      cause instanceof RangeError
        ? `an event that ${cause.message}`
        : 'an event whose data is not JSON';
    throw new StreamProtocolError(`${what}: ${data.slice(0, 200)}`, { cause });
  }
  const event = isRecord(value) ? toEvent(value, name) : withoutData(value, name);
  if (event !== undefined) return event;
  throw new StreamProtocolError(`an event without a type: ${data.slice(0, 200)}`);
}

const DONE = /^\s{0,9}\[?DONE\]?\s{0,9}$/i;

function toEvent(value: Record<string, unknown>, name: string): UntypedEvent | undefined {
  const type = typeof value.type === 'string' ? value.type : undefined;
  if (isError(value, type, name)) {
    return type === undefined || type === 'error' || 'error' in value
      ? { ...value, type: 'error' }
      : { type: 'error', error: value };
  }
  if (type !== undefined) return value as UntypedEvent;
  if (Object.values(value).every((field) => field == null)) return withoutData(undefined, name);
  return name === '' ? undefined : { ...value, type: name };
}

function isError(value: Record<string, unknown>, type: string | undefined, name: string): boolean {
  if (name === 'error' || type === 'error') return true;
  if (type !== undefined) return byType.has(type);
  return (value.error != null || UNNAMED.has(name)) && saidError(value) !== undefined;
}

/** `message` is what an event without a name is called. */
const UNNAMED: ReadonlySet<string> = /* @__PURE__ */ new Set(['', 'message']);

/** Nothing of the message is in it, but in a list there may be: an error, as Google writes one. */
function withoutData(value: unknown, name: string): UntypedEvent | undefined {
  if (Array.isArray(value) && value.some(isRecord)) {
    return saidError(value) && { ...value[0], type: 'error' };
  }
  if (name === 'error') return { type: name, error: value };
  return { type: name === 'message_stop' ? name : 'ping' };
}

/** Whether text that is not JSON says only that the server is there. Broken JSON may be content. */
function isKeepAlive(name: string, text: string): boolean {
  if (/^\s{0,9}["[]|[{}]/.test(text)) return false;
  return UNNAMED.has(name) ? ALIVE.test(text) : !OF_THE_API.test(name);
}

/** Events whose data may be content. */
const OF_THE_API = /^(?:message|content_block)_/;
const ALIVE = /^\W{0,9}(?:ping|pong|(?:keep|heart)[-_ ]?(?:alive|beat)|ok|processing)\W{0,9}$/i;

const KINDS = [...STRING_DELTAS.values()];

const CHARACTERS = '[^"\\\\\\u0000-\\u001f]*';

/** Groups: the index, an empty one for each kind, the string up to its first escape, the rest of it. */
const DELTA_JSON =
  '\\{"type":"content_block_delta","index":(0|[1-9]\\d{0,8}),"delta":\\{"type":"' +
  `(?:${KINDS.map(({ type, brings }) => `()${type}","${brings}`).join('|')})":` +
  `"(${CHARACTERS})((?:\\\\.${CHARACTERS}){0,99})" *\\} *\\}`;

/**
 * The most common events, as the API writes them: a delta of one string. Matching one and parsing only
 * its string costs a fifth of JSON.parse, two fifths where something in it is escaped. Anything unusual
 * goes the long way; so do very many escapes, whose places the matcher would run out of.
 */
export const STRING_DELTA: RegExp = new RegExp(`^${DELTA_JSON}$`);

/** The same as a decoder matches it: with its lines. */
export const STRING_DELTA_LINES: RegExp = new RegExp(
  `event: content_block_delta\\ndata: ${DELTA_JSON}\\n\\n`,
  'y',
);

/** A delta of one string, where data is one as the API writes it, and the `event:` line doesn't override it. */
export function parseDelta({ event: name, data }: ServerSentEvent): UntypedEvent | undefined {
  if (name === 'error' || name === 'done') return undefined;
  const match = STRING_DELTA.exec(data);
  return match === null ? undefined : toDelta(match);
}

/**
 * The same where it is next in a decoder: without the strings of its lines and of its data.
 * @param count is given the length of the data.
 */
export function nextDelta(
  decoder: SseDecoder,
  count: (length: number) => void,
): UntypedEvent | undefined {
  const match = decoder.match(STRING_DELTA_LINES);
  const event = match === null ? undefined : toDelta(match);
  if (match === null || event === undefined) return undefined;
  decoder.skip(match);
  count(match[0].length - AROUND_DATA);
  return event;
}

/** What the lines have beyond the data. */
const AROUND_DATA = 'event: content_block_delta\ndata: \n\n'.length;

/** Undefined for an invalid escape, and for half a character at the end, which only an escape can be. */
function toDelta(match: RegExpExecArray): UntypedEvent | undefined {
  const text = match[KINDS.length + 2] as string;
  const rest = match[KINDS.length + 3] as string;
  const whole = rest === '' ? text : unescaped(text + rest);
  if (whole === undefined) return undefined;
  let kind = 0;
  while (match[kind + 2] === undefined) kind++;
  const delta = (KINDS[kind] as StringDeltaKind).make(whole);
  return { type: 'content_block_delta', index: Number(match[1]), delta };
}

function unescaped(literal: string): string | undefined {
  try {
    const text: string = JSON.parse(`"${literal}"`);
    return endsInHalf(text) ? undefined : text;
  } catch {
    return undefined;
  }
}
