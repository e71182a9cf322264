import { Anthropic } from '../../src/client.js';
import type { ClientOptions } from '../../src/options.js';
import { MessageStream } from '../../src/stream/message-stream.js';
import { type Clock, systemClock } from '../../src/transport/clock.js';
import {
  blockStart,
  blockStop,
  delta,
  errorEvent,
  MESSAGE_STOP,
  messageDelta,
  messageStart,
  PING,
  sse,
  textDelta,
  thinkingBlock,
  toolBlock,
  type WireEvent,
} from '../contract/wire.js';
import type { RawServer } from '../support/raw-server.js';

export const PARAMS = {
  model: 'claude-test',
  max_tokens: 1000,
  messages: [{ role: 'user' as const, content: 'Hi' }],
};

export function clientOf({ url }: Pick<RawServer, 'url'>, options: ClientOptions = {}): Anthropic {
  return new Anthropic({ apiKey: 'key', baseURL: url, maxRetries: 0, ...options });
}

/** A clock whose pauses between tries are short; limits on waiting stay what they are. */
export const HASTY: Clock = {
  ...systemClock,
  setTimeout: (callback, ms) => systemClock.setTimeout(callback, ms < 10_000 ? 1 : ms),
};

/** A message with something of everything. */
export const RICH: readonly WireEvent[] = [
  messageStart(),
  ...thinkingBlock(0, 'sig', 'Let ', 'me ', 'think.'),
  PING,
  blockStart(1, { type: 'text', text: '', citations: null }),
  textDelta(1, 'It is '),
  delta(1, { type: 'citations_delta', citation: { type: 'page_location', cited_text: 'x' } }),
  textDelta(1, '21 °C'),
  delta(1, { type: 'hologram_delta', light: 1 }),
  textDelta(1, ' 🌤'),
  delta(1, { type: 'citations_delta', citation: { type: 'page_location', cited_text: 'y' } }),
  blockStop(1),
  { type: 'brand_new', x: 1 },
  ...toolBlock(2, '', '{"city": "Zür', 'ich"}'),
  messageDelta({ stop_reason: null }, { output_tokens: 5 }),
  messageDelta({ stop_reason: 'tool_use' }, { output_tokens: 9, server_tool_use: null }),
  MESSAGE_STOP,
];

export const RICH_TEXT = 'It is 21 °C 🌤';

/** How `RICH` ends when it is cut by an `error` event in the middle of its text. */
export const BROKEN: readonly WireEvent[] = [...RICH.slice(0, 12), errorEvent('overloaded_error')];

/** A stream whose bytes are given piece by piece, in this process. */
export function fed(): {
  stream: MessageStream;
  feed: (...events: readonly WireEvent[]) => void;
  end: () => void;
} {
  let feeding: ReadableStreamDefaultController<Uint8Array> | undefined;
  const body = new ReadableStream<Uint8Array>({
    start(controller) {
      feeding = controller;
    },
  });
  const utf8 = new TextEncoder();
  return {
    stream: MessageStream.from(body),
    feed: (...events) => feeding?.enqueue(utf8.encode(sse(...events))),
    end: () => feeding?.close(),
  };
}

export async function all<T>(items: AsyncIterable<T>): Promise<T[]> {
  const seen: T[] = [];
  for await (const item of items) seen.push(item);
  return seen;
}

/** All items, and the error that they end with. */
export async function until<T>(items: AsyncIterable<T>): Promise<{ seen: T[]; error: unknown }> {
  const seen: T[] = [];
  try {
    for await (const item of items) seen.push(item);
    return { seen, error: undefined };
  } catch (error) {
    return { seen, error };
  }
}

/** What a promise rejects with. */
export async function failure(promise: Promise<unknown>): Promise<unknown> {
  const outcome = await promise.then(
    (value) => ({ value }),
    (error: unknown) => ({ error }),
  );
  if ('error' in outcome) return outcome.error;
  throw new Error(`it did not fail, it gave ${JSON.stringify(outcome.value)}`);
}

export async function take<T>(reader: AsyncIterator<T>, count: number): Promise<T[]> {
  const taken: T[] = [];
  for (let i = 0; i < count; i++) taken.push((await reader.next()).value as T);
  return taken;
}

/** The rest of what an iterator gives. */
export function rest<T>(reader: AsyncIterator<T>): Promise<T[]> {
  return all({ [Symbol.asyncIterator]: () => reader });
}

export function types(events: readonly { type: string }[]): string[] {
  return events.map(({ type }) => type);
}

/** So many turns of the microtask queue. */
export async function turns(count: number): Promise<void> {
  for (let i = 0; i < count; i++) await undefined;
}

/** After all that is ready now: unhandled rejections have been reported then. */
export async function idle(): Promise<void> {
  for (let i = 0; i < 3; i++) await new Promise((resolve) => setImmediate(resolve));
}

/** What is raised as unhandled rejections until it is disposed. */
export function collectRaised(): { errors: unknown[]; readonly messages: string[] } & Disposable {
  const errors: unknown[] = [];
  const note = (error: unknown): void => void errors.push(error);
  process.on('unhandledRejection', note);
  return {
    errors,
    get messages() {
      return errors.map((error) => (error as Error).message);
    },
    [Symbol.dispose]: () => void process.off('unhandledRejection', note),
  };
}
