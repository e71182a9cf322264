import { DurableStream, stream as read } from '@durable-streams/client';
import { createParser } from 'eventsource-parser';
import { describe, expect, it } from 'vitest';
import { Anthropic } from '../../src/client.js';
import { ConflictError } from '../../src/errors.js';
import { memoryEngine } from '../../src/relay/memory-engine.js';
import type { RelayOptions } from '../../src/relay/options.js';
import { createRelay, type Relay } from '../../src/relay/relay.js';
import { createEmulator, fault, reply } from '../../src/testing/index.js';
import { PARAMS, TEXT } from './params.js';

// Acceptance test 9 of the relay, the write side. test/durable runs the conformance suite of the protocol.

const URL_ = 'http://host/streams/a/b';

function send(relay: Relay, method: string, init: RequestInit = {}, query = ''): Promise<Response> {
  return relay.handle(new Request(URL_ + query, { method, ...init }), 'a/b');
}

const put = (relay: Relay, contentType: string, more: Record<string, string> = {}) =>
  send(relay, 'PUT', { headers: { 'content-type': contentType, ...more } });

const post = (
  relay: Relay,
  body: string | Uint8Array<ArrayBuffer>,
  more = {},
  type = 'text/plain',
) => send(relay, 'POST', { body, headers: { 'content-type': type, ...more } });

const fetchFrom = (relay: Relay): typeof fetch =>
  ((input: string, init: RequestInit) =>
    relay.handle(new Request(input, init), 'a/b')) as typeof fetch;

/** Two processes, as far as a store can tell. */
function pair(options: RelayOptions = {}): [Relay, Relay] {
  const engine = memoryEngine();
  const make = (): Relay => createRelay({ engine, writable: true, ...options });
  return [make(), make()];
}

describe('writable', () => {
  it('is off by default', async () => {
    const relay = createRelay();
    expect((await put(relay, 'text/plain')).status).toBe(405);
    expect((await post(relay, 'x')).headers.get('allow')).toBe('GET, HEAD, DELETE');
    expect(() => createRelay({ writable: 1 as never })).toThrow(
      /writable is 1: pass true or false/,
    );
  });

  it('takes what a client of the protocol writes', async () => {
    const [one, other] = pair();
    const stream = await DurableStream.create({
      url: URL_,
      contentType: 'application/json',
      fetch: fetchFrom(one),
    });
    await stream.append(JSON.stringify({ n: 1 }));
    await stream.append(JSON.stringify([{ n: 2 }, { n: 3 }]));
    await stream.close();
    const found = await read<{ n: number }>({ url: URL_, live: false, fetch: fetchFrom(other) });
    expect(await found.json()).toEqual([{ n: 1 }, [{ n: 2 }, { n: 3 }]]);
    expect((await other.status('a/b')).state).toBe('complete');
  });

  it('leaves a stream that a relay produces alone', async () => {
    const emulator = createEmulator({
      replies: () => reply.text(TEXT),
      faults: [fault.stall({ event: 4 })],
    });
    const client = new Anthropic({ apiKey: 'key', fetch: emulator.fetch });
    const [relay] = pair({ client });
    await relay.start('a/b', PARAMS);
    expect((await put(relay, 'application/json')).status).toBe(409);
    expect((await post(relay, '{}', {}, 'application/json')).status).toBe(409);
    expect((await send(relay, 'GET')).headers.get('content-type')).toMatch(/event-stream/);
    expect((await send(relay, 'DELETE')).status).toBe(204);
    expect((await relay.status('a/b')).state).toBe('stopped');
  });

  it('creates what is no message, and has no producer to lose', async () => {
    const [one, other] = pair({ lease: 20 });
    await put(one, 'text/plain');
    const live = read({ url: URL_, live: 'sse', fetch: fetchFrom(other) });
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect((await other.status('a/b')).state).toBe('streaming');
    await expect(other.follow('a/b').getFinalText()).rejects.toBeInstanceOf(ConflictError);
    await post(one, 'x', { 'stream-closed': 'true' });
    let text = '';
    for await (const piece of (await live).textStream()) text += piece;
    expect(text).toBe('x');
  });

  it('refuses forks, and more than maxBytes', async () => {
    const [relay] = pair({ maxBytes: 1_000 });
    expect((await put(relay, 'text/plain', { 'stream-forked-from': '/x' })).status).toBe(501);
    await put(relay, 'text/plain');
    expect((await post(relay, 'x'.repeat(1_001))).status).toBe(413);
    expect((await post(relay, 'x'.repeat(600))).status).toBe(204);
    expect((await post(relay, 'x'.repeat(600))).status).toBe(413);
    expect(await (await send(relay, 'GET')).text()).toHaveLength(600);
  });
});

describe('two processes', () => {
  it('write to one stream: everything once, in the same order for all', async () => {
    const relays = pair();
    await put(relays[0], 'application/json');
    const writes = Array.from({ length: 60 }, (_, n) =>
      post(relays[n % 2] as Relay, `${n}`, {}, 'application/json'),
    );
    for (const { status } of await Promise.all(writes)) expect(status).toBe(204);
    const [one, two] = await Promise.all(
      relays.map(async (relay) => (await (await send(relay, 'GET')).json()) as number[]),
    );
    expect(one).toEqual(two);
    expect(one?.toSorted((a, b) => a - b)).toEqual(Array.from({ length: 60 }, (_, n) => n));
  });

  it('take each write of a producer once, whichever gets it', async () => {
    const relays = pair();
    await put(relays[0], 'text/plain');
    const at = (seq: number, epoch = 0) => ({
      'producer-id': 'p',
      'producer-epoch': String(epoch),
      'producer-seq': String(seq),
    });
    for (let seq = 0; seq < 6; seq++) {
      const answers = await Promise.all(relays.map((relay) => post(relay, `${seq} `, at(seq))));
      expect(answers.map(({ status }) => status).sort()).toEqual([200, 204]);
    }
    expect((await post(relays[1], 'late', at(9))).headers.get('producer-expected-seq')).toBe('6');
    expect((await post(relays[0], 'new ', at(0, 1))).status).toBe(200);
    expect((await post(relays[1], 'old', at(6))).status).toBe(403);
    expect(await (await send(relays[1], 'GET')).text()).toBe('0 1 2 3 4 5 new ');
  });

  it('see that a stream was removed and created again', async () => {
    const [one, other] = pair();
    await put(one, 'text/plain');
    await post(other, 'old');
    const old = (await send(other, 'HEAD')).headers.get('stream-next-offset');
    expect((await send(one, 'DELETE')).status).toBe(204);
    expect((await send(other, 'GET')).status).toBe(404);
    expect((await post(other, 'lost')).status).toBe(404);
    await put(one, 'text/plain');
    await post(one, 'new');
    expect(await (await send(other, 'GET')).text()).toBe('new');
    expect((await send(other, 'GET', {}, `?offset=${old}`)).status).toBe(400);
  });
});

describe('content', () => {
  it('is the same, however it was cut', async () => {
    const [relay] = pair();
    await put(relay, 'text/plain');
    const text = ' ä€😀\n  b\r\n\rc \u2028 d';
    for (const byte of new TextEncoder().encode(text)) await post(relay, Uint8Array.of(byte));
    expect(await (await send(relay, 'GET')).text()).toBe(text);
    const polled = await send(relay, 'GET', {}, '?offset=-1&live=long-poll');
    expect(await polled.text()).toBe(text);
    await post(relay, '', { 'stream-closed': 'true' });
    const events: [string | undefined, string][] = [];
    const parser = createParser({ onEvent: ({ event, data }) => events.push([event, data]) });
    parser.feed(await (await send(relay, 'GET', {}, '?offset=-1&live=sse')).text());
    // An event stream has one kind of line end.
    expect(events[0]).toEqual(['data', ' ä€😀\n  b\n\nc \u2028 d']);
    expect(events.map(([event]) => event)).toEqual(['data', 'control']);
  });

  it('is bytes, too, from any offset on', async () => {
    const [relay] = pair();
    await put(relay, 'application/octet-stream');
    const offsets: string[] = [];
    for (let n = 0; n < 256; n += 16) {
      const part = Uint8Array.from({ length: 16 }, (_, index) => n + index);
      const { headers } = await post(relay, part, {}, 'application/octet-stream');
      offsets.push(headers.get('stream-next-offset') as string);
    }
    for (const [index, offset] of offsets.entries()) {
      const rest = await (await send(relay, 'GET', {}, `?offset=${offset}`)).arrayBuffer();
      const from = (index + 1) * 16;
      expect([...new Uint8Array(rest)]).toEqual(
        Array.from({ length: 256 - from }, (_, at) => from + at),
      );
    }
    expect(offsets).toEqual([...offsets].sort());
  });
});
