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

function follow(relay: Relay, isSlow = false): Client {
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
      client.text += decoder.decode(chunk as Uint8Array, { stream: true });
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
  client.done = relay
    .handle(new Request('http://host/'), 'a')
    .then((response) => writeResponse(response, client));
  return client;
}

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
