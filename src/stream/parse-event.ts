import { StreamProtocolError } from '../errors.js';
import { JsonLimitError, parseJson } from '../json/parse-json.js';
import { STRING_DELTAS } from '../message/kinds.js';
import type { UntypedEvent } from '../message/untyped.js';
import type { ServerSentEvent } from '../sse/decoder.js';

/**
 * The raw event in a server-sent event. Its type is `data.type`; the `event:` line only stands in for
 * one that is missing.
 * @throws StreamProtocolError when the data is not a JSON object with a type, or is nested too deep.
 */
export function parseEvent({ event: name, data }: ServerSentEvent): UntypedEvent {
  const match = STRING_DELTA.exec(data);
  let event: UntypedEvent;
  try {
    event = match === null ? (parseJson(data) as UntypedEvent) : deltaIn(match);
  } catch (cause) {
    const what =
      cause instanceof JsonLimitError
        ? `an event that ${cause.message}`
        : 'an event whose data is not JSON';
    throw new StreamProtocolError(`${what}: ${data.slice(0, 200)}`, { cause });
  }
  if (typeof event?.type === 'string') return event;
  if (typeof event === 'object' && event !== null && name !== '') return { ...event, type: name };
  throw new StreamProtocolError(`an event without a type: ${data.slice(0, 200)}`);
}

const KINDS = [...STRING_DELTAS.values()];

/**
 * The most common events, as the API writes them: a delta of one string. Matching one and parsing only
 * its string costs a fifth of JSON.parse, two fifths where something in it is escaped. Anything unusual
 * goes the long way; so do very many escapes, whose places the matcher would run out of.
 */
export const STRING_DELTA: RegExp = new RegExp(
  '^\\{"type":"content_block_delta","index":(0|[1-9]\\d{0,8}),"delta":\\{"type":"' +
    `(?:${KINDS.map(({ type, brings }) => `(${type})","${brings}`).join('|')})":` +
    '("[^"\\\\\\u0000-\\u001f]*(?:\\\\.[^"\\\\\\u0000-\\u001f]*){0,99}") *\\} *\\}$',
);

/** Groups: the index, one for each kind, the string. @throws SyntaxError for an invalid escape. */
function deltaIn(match: RegExpExecArray): UntypedEvent {
  const literal = match[KINDS.length + 2] as string;
  const text = literal.includes('\\') ? JSON.parse(literal) : literal.slice(1, -1);
  let kind = 0;
  while (match[kind + 2] === undefined) kind++;
  const delta = (KINDS[kind] as (typeof KINDS)[number]).make(text);
  return { type: 'content_block_delta', index: Number(match[1]), delta };
}
