import { decodeRecording, type Recording } from '../../recording/format.js';
import { SseDecoder } from '../../sse/decoder.js';
import { fault } from '../fault/fault.js';
import type { Reply } from '../model/reply.js';
import type { RawEvent } from '../model/step.js';
import { reply } from '../script/reply.js';

/**
 * Replies that repeat a recording. It has one of three formats: an exchange that `record` wrote; events,
 * one JSON object per line; or the bytes of an event stream. Events can hold several responses in a
 * row: each ends with its `message_stop`.
 * @param options `timing` repeats the delays of an exchange. Default false: no delays.
 * @throws Error if the content has none of these formats.
 */
export function parseRecording(
  content: Uint8Array | string,
  options: { timing?: boolean | undefined } = {},
): Reply[] {
  const { timing = false } = options;
  const bytes = typeof content === 'string' ? new TextEncoder().encode(content) : content;
  const text = new TextDecoder().decode(bytes);
  if (!text.trimStart().startsWith('{')) return toReplies(readData(bytes).map(parseEvent));
  const lines = text.split('\n').filter((line) => line.trim() !== '');
  if (!isExchange(lines[0] ?? '')) return toReplies(lines.map(parseEvent));
  return [toExchangeReply(decodeRecording(lines.map((line) => JSON.parse(line))), timing)];
}

const isExchange = (line: string): boolean => /^\s*\{\s*"request"\s*:/.test(line);

/** The response byte for byte, up to where it broke off. */
function toExchangeReply({ response, chunks, end }: Recording, timing: boolean): Reply {
  if (response === undefined) return reply.faulty(reply.text(''), fault.reset());
  const pieces = chunks.flatMap(({ at, bytes }, number): (number | Uint8Array)[] => {
    const wait = at - (chunks[number - 1]?.at ?? 0);
    return timing && wait > 0 ? [wait, bytes] : [bytes];
  });
  const rest = timing ? Math.max(0, end.at - (chunks.at(-1)?.at ?? 0)) : 0;
  return reply.raw(response.status, response.headers, [...pieces, rest]);
}

/** The `data` of each event in an event stream. */
function readData(bytes: Uint8Array): string[] {
  const decoder = new SseDecoder();
  decoder.push(bytes);
  const data: string[] = [];
  for (let event = decoder.next(); event !== undefined; event = decoder.next()) {
    data.push(event.data);
  }
  const last = decoder.end();
  return last === undefined ? data : [...data, last.data];
}

function parseEvent(payload: string, at: number): RawEvent {
  try {
    const event = JSON.parse(payload);
    if (typeof event?.type === 'string') return event;
  } catch {
    // Reported below, with its position.
  }
  throw new Error(`event ${at + 1} is not a JSON object with a type: ${payload.slice(0, 60)}`);
}

function toReplies(events: readonly RawEvent[]): Reply[] {
  if (events.length === 0) throw new Error('it contains no events');
  return splitMessages(events).map((stream) => reply.events(withoutDiscarded(stream)));
}

/** The events of several messages in a row, message by message. */
export function splitMessages<E extends RawEvent>(events: readonly E[]): E[][] {
  const lists: E[][] = [[]];
  for (const event of events) {
    lists.at(-1)?.push(event);
    if (event.type === 'message_stop') lists.push([]);
  }
  return lists.filter((list) => list.length > 0);
}

/**
 * A recovery starts blocks again that it can't continue, from some index on. A server never does: only
 * the last version of such blocks is sent.
 */
function withoutDiscarded(events: readonly RawEvent[]): RawEvent[] {
  const kept: BlockEvent[] = [];
  for (const event of events as readonly BlockEvent[]) {
    const { type, index } = event;
    const isStart = (other: BlockEvent): boolean => other.type === type && other.index === index;
    const isRestart = type === 'content_block_start' && kept.some(isStart);
    if (isRestart) kept.splice(0, kept.length, ...kept.filter((other) => isBefore(other, index)));
    kept.push(event);
  }
  return kept;
}

type BlockEvent = RawEvent & { readonly index?: number };

const isBefore = ({ index }: BlockEvent, end = 0): boolean => index === undefined || index < end;
