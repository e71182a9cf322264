import { StreamProtocolError } from '../errors.js';
import type { LooseEvent } from '../message/loose.js';
import type { ServerSentEvent } from '../sse/decoder.js';

/**
 * The raw event in a server-sent event. Its type is `data.type`; the `event:` line only stands in for
 * one that is missing.
 * @throws StreamProtocolError when the data is not a JSON object with a type.
 */
export function parseEvent({ event: name, data }: ServerSentEvent): LooseEvent {
  const plain = PLAIN_TEXT_DELTA.exec(data);
  if (plain !== null) return textDelta(Number(plain[1]), plain[2] as string);
  let event: LooseEvent;
  try {
    event = JSON.parse(data);
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
 * The commonest event of all, as the API writes it: a piece of text without a character that JSON
 * escapes. Matching it costs a sixth of JSON.parse; anything unusual goes the long way.
 */
const PLAIN_TEXT_DELTA =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: in JSON they must be escaped.
  /^\{"type":"content_block_delta","index":(0|[1-9]\d{0,8}),"delta":\{"type":"text_delta","text":"([^"\\\u0000-\u001f]*)" *\} *\}$/;

function textDelta(index: number, text: string): LooseEvent {
  return { type: 'content_block_delta', index, delta: { type: 'text_delta', text } };
}
