import { stream as durable } from '@durable-streams/client';
import { describe, expect, it } from 'vitest';
import { Anthropic } from '../../src/client.js';
import { accumulate } from '../../src/message/accumulate.js';
import { nextCursor } from '../../src/relay/durable/cursor.js';
import { createRelay, type Relay } from '../../src/relay/relay.js';
import { createEmulator, type EmulatorOptions, fault, reply } from '../../src/testing/index.js';
import type { RawMessageStreamEvent } from '../../src/wire/events.js';
import { PARAMS, TEXT } from './params.js';

// Acceptance test 9 of the relay, the read side of the Durable Streams protocol.

const URL_ = 'http://host/streams/a';

async function open(emulated: Partial<EmulatorOptions> = {}): Promise<Relay> {
  const emulator = createEmulator({ replies: () => reply.text(TEXT), ...emulated });
  const client = new Anthropic({ apiKey: 'key', fetch: emulator.fetch, maxRetries: 0 });
  const relay = createRelay({ client });
  await relay.start('a', PARAMS);
  return relay;
}

const get = (relay: Relay, query: string, init: RequestInit = {}): Promise<Response> =>
  relay.handle(new Request(URL_ + query, init), 'a');

const textOf = (events: readonly RawMessageStreamEvent[]): string => {
  const content = accumulate(events)?.content ?? [];
  return content.map((block) => (block.type === 'text' ? block.text : '')).join('');
};

describe('a client of the protocol', () => {
  it.each([false, true, 'long-poll', 'sse'] as const)(
    'reads a stream with live: %s',
    async (live) => {
      const relay = await open(live === false ? {} : { pace: { tokensPerSecond: 300 } });
      if (live === false) await relay.follow('a').untilDone();
      const response = await durable<RawMessageStreamEvent>({
        url: URL_,
        live,
        fetch: ((input: string, init: RequestInit) =>
          relay.handle(new Request(input, init), 'a')) as typeof fetch,
      });
      const events: RawMessageStreamEvent[] = [];
      for await (const event of response.jsonStream()) events.push(event);
      expect(textOf(events)).toBe(TEXT);
    },
  );
});

describe('catch-up', () => {
  it('continues after each offset', async () => {
    const relay = await open();
    await relay.follow('a').untilDone();
    const whole = await get(relay, '?offset=-1');
    const all = (await whole.json()) as object[];
    expect(whole.headers.get('stream-closed')).toBe('true');
    expect(whole.headers.get('stream-up-to-date')).toBe('true');
    const end = whole.headers.get('stream-next-offset') as string;
    const last = await get(relay, `?offset=${end}`);
    expect(await last.json()).toEqual([]);
    expect(last.headers.get('stream-closed')).toBe('true');
    const ids = [...(await (await get(relay, '')).text()).matchAll(/^id: (.*)$/gm)].map(
      ([, id]) => id,
    );
    expect(ids).toHaveLength(all.length);
    for (const [index, id] of ids.entries()) {
      expect(await (await get(relay, `?offset=${id}`)).json()).toEqual(all.slice(index + 1));
    }
  });

  it('is not modified where nothing is new', async () => {
    const relay = await open();
    await relay.follow('a').untilDone();
    const etag = (await get(relay, '?offset=-1')).headers.get('etag') as string;
    const again = await get(relay, '?offset=-1', { headers: { 'if-none-match': etag } });
    expect(again.status).toBe(304);
  });

  it('shows the error that a stream ended with', async () => {
    const relay = await open({ faults: [fault.error('overloaded_error', { event: 5 })] });
    await relay
      .follow('a')
      .untilDone()
      .catch(() => {});
    const messages = (await (await get(relay, '?offset=-1')).json()) as { type: string }[];
    expect(messages.at(-1)).toMatchObject({ type: 'error', error: { type: 'overloaded_error' } });
  });
});

it('HEAD tells where a stream ends, and whether', async () => {
  const relay = await open({ faults: [fault.stall({ event: 4 })] });
  const head = (): Promise<Response> => get(relay, '', { method: 'HEAD' });
  const before = await head();
  expect(before.headers.get('content-type')).toBe('application/json');
  expect(before.headers.get('stream-closed')).toBe(null);
  expect(before.headers.get('cache-control')).toBe('no-store');
  await relay.stop('a');
  const after = await head();
  expect(after.headers.get('stream-closed')).toBe('true');
  const offsets = [before, after].map(({ headers }) => headers.get('stream-next-offset') as string);
  expect(offsets).toEqual([...offsets].sort());
});

it('long-poll waits for the next message', async () => {
  const relay = await open({ faults: [fault.stall({ event: 4 })] });
  const now = (await get(relay, '', { method: 'HEAD' })).headers.get('stream-next-offset');
  const waiting = get(relay, `?offset=${now}&live=long-poll`);
  await relay.stop('a');
  const response = await waiting;
  expect(response.status).toBe(200);
  expect(response.headers.get('stream-cursor')).toMatch(/^\d+$/);
  expect(await response.json()).toMatchObject([{ error: { type: 'user_abort_error' } }]);
  expect(now).not.toBe(response.headers.get('stream-next-offset'));
  const closed = await get(relay, '?offset=now&live=long-poll');
  expect(closed.status).toBe(204);
  expect(closed.headers.get('stream-closed')).toBe('true');
});

it.each(['?offset=zz', '?offset=', '?offset=-1&offset=now', '?live=sse', '?offset=-1&live=x'])(
  'refuses %s',
  async (query) => {
    expect((await get(await open(), query)).status).toBe(400);
  },
);

it('a cursor is never the one that was sent', () => {
  const now = Date.UTC(2024, 9, 9) + 100_000;
  expect(nextCursor(null, now)).toBe('5');
  expect(nextCursor('3', now)).toBe('5');
  expect(nextCursor('5', now, 0)).toBe('6');
  expect(nextCursor('x', now)).toBe('5');
});
