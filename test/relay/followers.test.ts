import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Anthropic } from '../../src/client.js';
import { accumulate } from '../../src/message/accumulate.js';
import type { UntypedEvent } from '../../src/message/untyped.js';
import { Batch } from '../../src/relay/batch.js';
import { createRelay, type Relay } from '../../src/relay/relay.js';
import { writeResponse } from '../../src/relay/write-response.js';
import type { NodeResponse } from '../../src/stream/pipe-to.js';
import { createEmulator, reply } from '../../src/testing/index.js';
import type { RawMessageStreamEvent } from '../../src/wire/events.js';
import { eventSequence } from '../message/arbitrary.js';
import { RICH } from '../stream/support.js';
import { PARAMS } from './params.js';

// Acceptance tests 3 and 10 of the relay, in one process.

const TEXT = Array.from({ length: 150 }, (_, n) => `word${n}`).join(' ');

/** A client that takes as many bytes as it is asked to, and no more. */
interface Client extends NodeResponse {
  text: string;
  writes: number;
  drain: () => void;
  done: Promise<void>;
}

/** @param send sends the stream to the client. */
function follow(relay: Relay, isSlow = false, send = handled): Client {
  let drained = (): void => {};
  const decoder = new TextDecoder();
  const client: Client = {
    text: '',
    writes: 0,
    statusCode: 0,
    destroyed: false,
    headersSent: false,
    setHeader: () => {},
    write: (chunk) => {
      client.text +=
        typeof chunk === 'string' ? chunk : decoder.decode(chunk as Uint8Array, { stream: true });
      client.writes++;
      return !isSlow;
    },
    end: () => {},
    destroy: () => {},
    off: () => {},
    on: (event, listener) => {
      if (event === 'drain') drained = listener;
    },
    drain: () => drained(),
    done: Promise.resolve(),
  };
  client.done = send(relay, client);
  return client;
}

const handled = async (relay: Relay, client: NodeResponse): Promise<void> =>
  writeResponse(await relay.handle(new Request('http://host/'), 'a'), client);

async function start(): Promise<Relay> {
  const emulator = createEmulator({
    replies: () => reply.text(TEXT),
    pace: { tokensPerSecond: 400 },
  });
  const relay = createRelay({ client: new Anthropic({ apiKey: 'key', fetch: emulator.fetch }) });
  await relay.start('a', PARAMS);
  return relay;
}

describe('a follower that can take no more', () => {
  it('holds nothing, slows no other, and goes on where it was', async () => {
    const relay = await start();
    const slow = follow(relay, true);
    const fast = Array.from({ length: 999 }, () => follow(relay));
    await Promise.all(fast.map(({ done }) => done));
    expect(slow.writes).toBe(1);
    const [first] = fast;
    for (const { text } of fast) expect(text).toBe(first?.text);
    while (slow.text !== first?.text) {
      const { writes } = slow;
      slow.drain();
      expect(slow.writes).toBe(writes + 1);
    }
    await slow.done;
    // What it had missed came at once, not entry by entry.
    expect(slow.writes).toBeLessThan(5);
  });
});

describe('pipeTo of a followed stream', () => {
  it('sends what handle sends, from after an event, too', async () => {
    const relay = await start();
    const piped = follow(relay, false, (it, client) => it.follow('a').pipeTo(client));
    const whole = follow(relay);
    await Promise.all([piped.done, whole.done]);
    expect(piped.text).toBe(whole.text);
    expect(piped.text).toMatch(/^retry: 1000\n\nid: /);
    const [, after = ''] = /^id: (.*)$/m.exec(piped.text.slice(400)) ?? [];
    const rest = follow(relay, false, (it, client) => it.follow('a', { after }).pipeTo(client));
    await rest.done;
    const last = piped.text.slice(piped.text.indexOf(`id: ${after}`));
    expect(rest.text).toBe(`retry: 1000\n\n${last.slice(last.indexOf('\n\n') + 2)}`);
  });

  it('sends no ids where not everything is exposed, and an error where there is no stream', async () => {
    const relay = await start();
    const client = follow(relay, false, (it, to) => it.follow('a').pipeTo(to, { expose: {} }));
    await client.done;
    expect(client.text).not.toContain('id: ');
    expect(client.text).toContain('message_stop');
    for (const followed of [relay.follow('x'), relay.follow('a', { after: 'zz' })]) {
      const failed = follow(relay, false, (_, to) => followed.pipeTo(to));
      await failed.done;
      expect(failed.text).toMatch(/^event: error\n/);
    }
  });
});

describe('batches', () => {
  /** The payloads of events, taken after some of them. */
  const payloadsOf = (
    events: readonly UntypedEvent[],
    cuts: ReadonlySet<number>,
  ): UntypedEvent[] => {
    const batch = new Batch();
    const payloads: string[] = [];
    for (const [index, event] of events.entries()) {
      batch.add(event);
      if (cuts.has(index)) payloads.push(...batch.take());
    }
    return [...payloads, ...batch.take()].map((payload) => JSON.parse(payload));
  };
  const messageOf = (events: readonly UntypedEvent[]): unknown =>
    accumulate(events as unknown as RawMessageStreamEvent[]);

  it('are the same message, wherever they are cut', () => {
    const anyCuts = fc.uniqueArray(fc.nat(60)).map((cuts) => new Set(cuts));
    const isSame = (events: readonly UntypedEvent[], cuts: ReadonlySet<number>): void => {
      expect(messageOf(payloadsOf(events, cuts))).toEqual(messageOf(events));
    };
    fc.assert(fc.property(fc.constant(RICH as readonly UntypedEvent[]), anyCuts, isSame));
    fc.assert(fc.property(eventSequence, anyCuts, isSame), { numRuns: 500 });
  });

  it('merge the deltas of one block, and keep the order of everything else', () => {
    const merged = payloadsOf(RICH as readonly UntypedEvent[], new Set());
    expect(merged.length).toBeLessThan(RICH.length);
    const others = (events: readonly UntypedEvent[]): string[] =>
      events.map(({ type }) => type).filter((type) => type !== 'content_block_delta');
    expect(others(merged)).toEqual(others(RICH as readonly UntypedEvent[]));
  });
});
