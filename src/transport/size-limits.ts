import { StreamProtocolError } from '../errors.js';
import { MAX_EVENT_BYTES } from '../sse/decoder.js';
import { MAX_TEXT_BYTES } from '../sse/size-limit.js';

/** How much of a response is accepted, in bytes. */
export interface SizeLimits {
  maxEventBytes: number;
  maxMessageBytes: number;
}

/** Default limit on one message, in bytes. */
export const MAX_MESSAGE_BYTES = 268_435_456;

/** The limits of a request. No limit lets a string become longer than engines can make it. */
export function sizeLimits(
  options: { [L in keyof SizeLimits]?: number | undefined },
  defaults: SizeLimits = { maxEventBytes: MAX_EVENT_BYTES, maxMessageBytes: MAX_MESSAGE_BYTES },
): SizeLimits {
  const { maxEventBytes, maxMessageBytes } = defaults;
  return {
    maxEventBytes: Math.min(options.maxEventBytes ?? maxEventBytes, MAX_TEXT_BYTES),
    maxMessageBytes: Math.min(options.maxMessageBytes ?? maxMessageBytes, MAX_TEXT_BYTES),
  };
}

/** What was received is over a limit. */
export function tooLarge(what: string, { maxMessageBytes }: SizeLimits): StreamProtocolError {
  return new StreamProtocolError(
    `the ${what} is larger than ${maxMessageBytes} bytes; raise maxMessageBytes to accept it`,
  );
}
