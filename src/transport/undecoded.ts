import { StreamProtocolError } from '../errors.js';
import type { ResponseHead } from './port.js';

/**
 * The error for a body that is still encoded; undefined for text. Platforms keep `content-encoding` when
 * they undo it, and some don't know every coding: the `fetch` of Deno and workerd has no `deflate`.
 */
export function undecodedError(text: string, head: ResponseHead): StreamProtocolError | undefined {
  const coding = head.header('content-encoding');
  if (!coding || !BINARY.test(text)) return undefined;
  return new StreamProtocolError(
    `the response has the content-encoding ${coding}, which can't be decoded here: have the server, or a proxy ` +
      'before it, send it as it is',
  );
}

/** What no text has: control characters, and what takes the place of bytes that are no UTF-8. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: it looks for them
const BINARY = /[\0-\x08\x0e-\x1f\ufffd]/;
