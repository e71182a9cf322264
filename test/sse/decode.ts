import { type ServerSentEvent, SseDecoder } from '../../src/sse/decoder.js';

/** The events in the chunks, the unfinished last one included, taken as soon as they are there. */
export function decode(chunks: Iterable<Uint8Array>, maxEventBytes?: number): ServerSentEvent[] {
  return decodeUntilError(chunks, maxEventBytes, (error) => {
    throw error;
  });
}

/** What came before an error, and the error. */
export function decodeUntilError(
  chunks: Iterable<Uint8Array>,
  maxEventBytes: number | undefined,
  failed: (error: unknown) => void,
): ServerSentEvent[] {
  const decoder = new SseDecoder(maxEventBytes);
  const events: ServerSentEvent[] = [];
  const take = (event: ServerSentEvent | undefined): boolean => {
    if (event !== undefined) events.push(event);
    return event !== undefined;
  };
  try {
    for (const chunk of chunks) {
      decoder.push(chunk);
      while (take(decoder.next()));
    }
    take(decoder.end());
  } catch (error) {
    failed(error);
  }
  return events;
}
