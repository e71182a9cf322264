import { StreamProtocolError } from '../errors.js';
import type { ServerSentEvent, SseDecoder } from '../sse/decoder.js';
import { EventTooLargeError } from '../sse/size-limit.js';

/**
 * The decoder's next event.
 * @throws StreamProtocolError where it is over the limit.
 */
export function nextEvent(decoder: SseDecoder): ServerSentEvent | undefined {
  try {
    return decoder.next();
  } catch (error) {
    if (!(error instanceof EventTooLargeError)) throw error;
    throw new StreamProtocolError(error.message, { cause: error });
  }
}

/**
 * All events that a chunk ends; without a chunk what is left at the end.
 * @throws StreamProtocolError where one is over the limit.
 */
export function* eventsOf(decoder: SseDecoder, chunk?: Uint8Array): Generator<ServerSentEvent> {
  if (chunk !== undefined) decoder.push(chunk);
  for (let event = nextEvent(decoder); event !== undefined; event = nextEvent(decoder)) yield event;
  const last = chunk === undefined ? decoder.end() : undefined;
  if (last !== undefined) yield last;
}
