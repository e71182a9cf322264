import { StreamProtocolError } from '../errors.js';
import type { ServerSentEvent, SseDecoder } from '../sse/decoder.js';
import { EventTooLargeError } from '../sse/too-large.js';

/**
 * The decoder's next event.
 * @throws StreamProtocolError when it is over the limit.
 */
export function nextOf(decoder: SseDecoder): ServerSentEvent | undefined {
  try {
    return decoder.next();
  } catch (error) {
    if (!(error instanceof EventTooLargeError)) throw error;
    throw new StreamProtocolError(error.message, { cause: error });
  }
}
