import { readFile } from 'node:fs/promises';
import { SseDecoder } from '../sse/decoder.js';
import { UsageError } from './args.js';

/** An event of a recording, as it was sent. */
export interface RecordedEvent {
  type: string;
  [field: string]: unknown;
}

/**
 * The streams in a recording, each as its events. It holds either one event a line as JSON, or the
 * bytes of an event stream; where several responses follow each other, each ends with its
 * `message_stop`.
 * @throws UsageError when the file cannot be read, or is neither.
 */
export async function readRecording(file: string): Promise<RecordedEvent[][]> {
  const bytes = await readFile(file).catch((error: Error) => {
    throw new UsageError(`--replay ${file}: ${error.message}`);
  });
  const text = bytes.toString('utf8');
  const payloads = text.trimStart().startsWith('{') ? text.split('\n') : sseData(bytes);
  const events = payloads.flatMap((payload, at) => parseLine(payload, at, file));
  if (events.length === 0) throw new UsageError(`--replay ${file}: there is no event in it`);
  return split(events);
}

function sseData(bytes: Uint8Array): string[] {
  const decoder = new SseDecoder();
  decoder.push(bytes);
  const data: string[] = [];
  for (let event = decoder.next(); event !== undefined; event = decoder.next()) {
    data.push(event.data);
  }
  const last = decoder.end();
  return last === undefined ? data : [...data, last.data];
}

function parseLine(payload: string, at: number, file: string): RecordedEvent[] {
  if (payload.trim() === '') return [];
  try {
    const event = JSON.parse(payload);
    if (typeof event?.type === 'string') return [event];
  } catch {
    // Told below, with the place.
  }
  const start = payload.slice(0, 60);
  throw new UsageError(
    `--replay ${file}: event ${at + 1} is not a JSON object with a type: ${start}`,
  );
}

function split(events: readonly RecordedEvent[]): RecordedEvent[][] {
  const streams: RecordedEvent[][] = [];
  let open: RecordedEvent[] | undefined;
  for (const event of events) {
    if (open === undefined) {
      open = [];
      streams.push(open);
    }
    open.push(event);
    if (event.type === 'message_stop') open = undefined;
  }
  return streams;
}
