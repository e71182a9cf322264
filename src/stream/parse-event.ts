import { StreamProtocolError } from '../errors.js';
import type { LooseEvent } from '../message/loose.js';
import type { ServerSentEvent } from '../sse/decoder.js';

/**
 * The raw event in a server-sent event. Its type is `data.type`; the `event:` line only stands in for
 * one that is missing.
 * @throws StreamProtocolError when the data is not a JSON object with a type.
 */
export function parseEvent({ event: name, data }: ServerSentEvent): LooseEvent {
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
