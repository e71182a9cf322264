import { AnthropicError } from '../errors.js';
import { toBytes } from '../transport/fetch-contract.js';
import type { TransportResponse } from '../transport/port.js';

/** Bytes that are at hand, such as a file's: all of them, or chunk after chunk. A string is its UTF-8. */
export type Bytes = string | Uint8Array | Iterable<Uint8Array>;

/**
 * Bytes as an iterator of chunks.
 * @param usage what takes them, for the error message.
 * @throws AnthropicError for what has to be awaited, or is no bytes.
 */
export function chunksOf(bytes: Bytes, usage: string): Iterator<Uint8Array> {
  if (typeof bytes === 'string') return [new TextEncoder().encode(bytes)].values();
  if (ArrayBuffer.isView(bytes)) return [toBytes(bytes)].values();
  const iterator = bytes?.[Symbol.iterator]?.();
  if (iterator !== undefined) return iterator;
  throw new AnthropicError(
    `${usage} takes bytes that are at hand, as a Uint8Array, a string or an iterable of chunks: ` +
      'pass readFileSync(path) or await response.text(); what is to be awaited is read with the ' +
      "same method of 'millrace'",
  );
}

/** Chunks as the response in which they came. Its head says nothing but that it was good. */
export function toTransportResponse(chunks: Iterator<Uint8Array>): TransportResponse {
  const leave = (): void => void chunks.return?.();
  return {
    head: {
      status: 200,
      statusText: '',
      header: () => null,
      headers: () => new Headers(),
      fields: () => [],
    },
    body: {
      read: () => {
        const { done, value } = chunks.next();
        return done ? null : toBytes(value);
      },
      cancel: leave,
      finish: leave,
    },
  };
}
