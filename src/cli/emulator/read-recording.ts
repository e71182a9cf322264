import { readFile } from 'node:fs/promises';
import { SseDecoder } from '../../sse/decoder.js';
import { type RawEvent, type Reply, reply } from '../../testing/index.js';
import { decodeRecording, type Recording } from '../../testing/record/recording.js';
import { UsageError } from '../usage-error.js';

/**
 * The replies in a recording. It is one of three: an exchange that `millrace record` kept; the events of
 * `--record` or `--jsonl`, one a line; or the bytes of an event stream. Where several answers follow
 * each other, each ends with its `message_stop`.
 * @param timing whether an exchange takes the time that it took.
 * @throws UsageError (rejects) when the file cannot be read, or is none of these.
 */
export async function readRecording(file: string, timing: boolean): Promise<Reply[]> {
  try {
    const bytes = await readFile(file);
    const text = bytes.toString('utf8');
    if (!text.trimStart().startsWith('{')) return repliesOf(sseData(bytes).map(eventIn));
    const lines = text.split('\n').filter((line) => line.trim() !== '');
    if (!isExchange(lines[0] ?? '')) return repliesOf(lines.map(eventIn));
    return [exchangeReply(decodeRecording(lines.map((line) => JSON.parse(line))), timing)];
  } catch (error) {
    throw new UsageError(`${file}: ${(error as Error).message}`);
  }
}

const isExchange = (line: string): boolean => /^\s*\{\s*"request"\s*:/.test(line);

/** The answer to the byte, and where it broke off. */
function exchangeReply({ response, chunks, end }: Recording, timing: boolean): Reply {
  const pieces = chunks.flatMap(({ at, bytes }, number): (number | Uint8Array)[] => {
    const wait = at - (chunks[number - 1]?.at ?? 0);
    return timing && wait > 0 ? [wait, bytes] : [bytes];
  });
  const rest = timing ? Math.max(0, end.at - (chunks.at(-1)?.at ?? 0)) : 0;
  return reply.raw(response.status, response.headers, [...pieces, rest]);
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

function eventIn(payload: string, at: number): RawEvent {
  try {
    const event = JSON.parse(payload);
    if (typeof event?.type === 'string') return event;
  } catch {
    // Told below, with the place.
  }
  throw new Error(`event ${at + 1} is not a JSON object with a type: ${payload.slice(0, 60)}`);
}

function repliesOf(events: readonly RawEvent[]): Reply[] {
  if (events.length === 0) throw new Error('there is no event in it');
  const streams: RawEvent[][] = [[]];
  for (const event of events) {
    if (streams.at(-1)?.at(-1)?.type === 'message_stop') streams.push([]);
    streams.at(-1)?.push(event);
  }
  return streams.map((stream) => reply.events(stream));
}
