import { type ServerSentEvent, SseDecoder } from '../../src/sse/decoder.js';

/** The events in the chunks, the unfinished last one included, taken as soon as they are there. */
export function decode(chunks: Iterable<Uint8Array>, maxEventBytes?: number): ServerSentEvent[] {
  return decodeUntilError(chunks, maxEventBytes, throwIt);
}

function throwIt(error: unknown): never {
  throw error;
}

/** The same, by `match` where it finds one. */
export function decodeByMatch(chunks: Iterable<Uint8Array>): ServerSentEvent[] {
  const next = (decoder: SseDecoder): ServerSentEvent | undefined => {
    const match = decoder.match(EVENT);
    if (match === null) return decoder.next();
    decoder.skip(match);
    return { event: match[1] as string, data: match[2] as string };
  };
  return decodeUntilError(chunks, undefined, throwIt, next);
}

const EVENT = /event: ([^\r\n]*)\ndata: ([^\r\n]*)\n\n/y;

/** What came before an error, and the error. */
export function decodeUntilError(
  chunks: Iterable<Uint8Array>,
  maxEventBytes: number | undefined,
  failed: (error: unknown) => void,
  next = (decoder: SseDecoder): ServerSentEvent | undefined => decoder.next(),
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
      while (take(next(decoder)));
    }
    take(decoder.end());
  } catch (error) {
    failed(error);
  }
  return events;
}
