import { StreamProtocolError } from '../errors.js';
import type { LooseEvent } from '../message/loose.js';
import type { ServerSentEvent } from '../sse/decoder.js';

/**
 * The raw event in a server-sent event. Its type is `data.type`; the `event:` line only stands in for
 * one that is missing.
 * @throws StreamProtocolError when the data is not a JSON object with a type.
 */
export function parseEvent({ event: name, data }: ServerSentEvent): LooseEvent {
  const match = COMMONEST.exec(data);
  let event: LooseEvent;
  try {
    event = match === null ? JSON.parse(data) : deltaOf(match);
  } catch (cause) {
    throw new StreamProtocolError(`an event whose data is not JSON: ${data.slice(0, 200)}`, {
      cause,
    });
  }
  if (typeof event?.type === 'string') return event;
  if (typeof event === 'object' && event !== null && name !== '') return { ...event, type: name };
  throw new StreamProtocolError(`an event without a type: ${data.slice(0, 200)}`);
}

/**
 * The commonest events, as the API writes them: a delta of one string. To match one and to read only
 * its string costs a fifth of JSON.parse, two fifths where something in it is escaped. Anything
 * unusual goes the long way; so do very many escapes, whose places the matcher would run out of.
 */
const COMMONEST =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: in JSON they must be escaped.
  /^\{"type":"content_block_delta","index":(0|[1-9]\d{0,8}),"delta":\{"type":"(?:(text)_delta","text|(thinking)_delta","thinking|input_json_delta","partial_json)":("[^"\\\u0000-\u001f]*(?:\\.[^"\\\u0000-\u001f]*){0,99}") *\} *\}$/;

/** @throws SyntaxError where an escape is none. */
function deltaOf([, index, isText, isThinking, literal = '']: RegExpExecArray): LooseEvent {
  const text = literal.includes('\\') ? JSON.parse(literal) : literal.slice(1, -1);
  const delta = isText
    ? { type: 'text_delta', text }
    : isThinking
      ? { type: 'thinking_delta', thinking: text }
      : { type: 'input_json_delta', partial_json: text };
  return { type: 'content_block_delta', index: Number(index), delta };
}
