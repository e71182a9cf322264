import { isDeepStrictEqual } from 'node:util';
import { isRecord } from '../../src/json/is-record.js';
import type { UntypedBlock, UntypedEvent, UntypedMessage } from '../../src/message/untyped.js';
import { withoutCutInputs } from '../message/events.js';
import { reduce } from '../message/reducer.js';

/*
 * A body in the plainest words: its whole text is at hand, and so are all lines. What the library makes
 * of its chunks is held against it.
 */

/**
 * Whether a message is what the events in a body make that came before its end.
 * @param end the name of the error; undefined where the message is complete.
 */
export function isMadeBy(bytes: Buffer, message: unknown, end: string | undefined): boolean {
  const text = new TextDecoder().decode(bytes);
  const frames = framesOf(text);
  const expected = withoutFreshIds(plain(message), text);
  if (frames.length === 0) return isBodyOfOne(text, expected);
  const events = eventsIn(frames);
  const first = events.find(({ type }) => type === 'message_start' || type === 'message');
  if (first?.type === 'message' && Array.isArray(first.content)) {
    return isBodyOfOne(JSON.stringify(first), expected);
  }
  // A message without its message_stop, of which nothing else is missing, gets one.
  const ending = end === undefined ? [{ type: 'message_stop' }] : [];
  // Blocks that came too early wait for their message_start: with it, what is wrong among them is found.
  const late = end === 'StreamProtocolError' && first !== undefined ? [first] : [];
  const candidates = countsAt(events, end).flatMap((count) => {
    const received = [...events.slice(0, count), ...ending];
    return [received, [...received, ...late]];
  });
  return candidates.some((received) =>
    isDeepStrictEqual(withoutFreshIds(plain(reduce(received)), text), expected),
  );
}

/** How many events may have come before an end. */
function countsAt(events: readonly UntypedEvent[], end: string | undefined): number[] {
  const indexOf = (type: string): number => events.findIndex((event) => event.type === type);
  if (end === 'StreamTruncatedError') return [events.length];
  if (end === undefined) return [indexOf('message_stop') + 1 || events.length];
  // Which event breaks the protocol, and how, is the subject of other tests.
  if (end === 'StreamProtocolError') return [...events.keys(), events.length];
  return [Math.max(0, indexOf('error'))];
}

function plain(message: unknown): UntypedMessage | undefined {
  const json = withoutCutInputs(message);
  return json === undefined ? undefined : JSON.parse(json);
}

/** Calls whose id can't be used get one of their own: which one can't be foretold. */
function withoutFreshIds(
  message: UntypedMessage | undefined,
  sent: string,
): UntypedMessage | undefined {
  if (message === undefined) return undefined;
  const ids = new Set<unknown>();
  const content = message.content.map((block) => {
    const { id, ...rest } = block;
    const isSent = typeof id === 'string' && id !== '' && sent.includes(id) && !ids.has(id);
    ids.add(id);
    return block.type !== 'tool_use' || isSent ? block : (rest as UntypedBlock);
  });
  return { ...message, content };
}

/** Up to the first one that cannot be read. */
function eventsIn(frames: readonly Frame[]): UntypedEvent[] {
  const events = frames.map(eventOf);
  const broken = events.indexOf(undefined);
  return (broken === -1 ? events : events.slice(0, broken)) as UntypedEvent[];
}

interface Frame {
  name: string;
  data: string;
}

function framesOf(text: string): Frame[] {
  const frames: Frame[] = [];
  let name = '';
  let data: string[] = [];
  // The last event may lack its blank line.
  for (const line of [...text.split(/\r\n|\n|\r/), '']) {
    const [, field = '', value = ''] = /^([^:]*)(?:: ?(.*))?$/su.exec(line) ?? [];
    if (field === 'event') name = value;
    if (field === 'data') data.push(value);
    if (line !== '') continue;
    if (data.length > 0) frames.push({ name, data: data.join('\n') });
    name = '';
    data = [];
  }
  return frames;
}

function eventOf({ name, data }: Frame): UntypedEvent | undefined {
  const event = parsed(data);
  const isTyped = typeof event?.type === 'string';
  // What has no type, but an error, says so under any name.
  if (name === 'error' || (!isTyped && isRecord(event?.error))) return { ...event, type: 'error' };
  if (isTyped) return event as UntypedEvent;
  const isList = Array.isArray(event);
  if (event !== undefined && !isList && Object.values(event).some((field) => field != null)) {
    return name === '' ? undefined : { ...event, type: name };
  }
  // Of anything but half an object, or text under a name that says what it should be, only the name counts.
  const isBroken = isJson(data)
    ? isList && event.some(isRecord)
    : /^\s*["[]|[{}]/.test(data) ||
      (data.trim() !== '' && /^(?:message|content_block)_/.test(name));
  return isBroken ? undefined : { type: name === 'message_stop' ? name : 'ping' };
}

/** By a server that was not asked to stream. Its message is replayed, which fills in what it lacks. */
function isBodyOfOne(text: string, message: UntypedMessage | undefined): boolean {
  if (message === undefined) return true;
  const typesOf = (content: UntypedBlock[]): string[] => content.map(({ type }) => type);
  const sent = plain(parsed(text)) ?? ({} as Record<string, unknown>);
  // A text may stand for the list of blocks.
  const isText = typeof sent.content === 'string' && sent.content !== '';
  const types = isText ? ['text'] : Array.isArray(sent.content) ? typesOf(sent.content) : [];
  // Blocks that came before it are kept.
  const last = types.length === 0 ? [] : typesOf(message.content).slice(-types.length);
  return isDeepStrictEqual([message.id, ...last], ['id' in sent ? sent.id : '', ...types]);
}

function parsed(json: string): Record<string, unknown> | undefined {
  try {
    const value = JSON.parse(json);
    return typeof value === 'object' && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
