import { afterEach, describe, expect, it } from 'vitest';
import { Anthropic } from '../../src/client.js';
import { ProducerLostError } from '../../src/errors.js';
import type { Engine } from '../../src/relay/engine.js';
import { memoryEngine } from '../../src/relay/memory-engine.js';
import type { RelayOptions } from '../../src/relay/options.js';
import { createRelay, type Relay } from '../../src/relay/relay.js';
import { createEmulator, type EmulatorOptions, fault, reply } from '../../src/testing/index.js';
import { PARAMS, TEXT } from './params.js';

// What followers do where pushes are lost, the store is away, or a producer has given a stream up.

const LEASE = 400;
const stalled = { faults: [fault.stall({ event: 8 })] };

const relays: Relay[] = [];
afterEach(async () => {
  for (const relay of relays.splice(0)) await relay.stop('a');
});

function make(
  engine: Engine,
  emulated: Partial<EmulatorOptions> | undefined,
  options: RelayOptions = {},
): Relay {
  const emulator = createEmulator({ replies: () => reply.text(TEXT), ...emulated });
  const client = emulated && new Anthropic({ apiKey: 'key', fetch: emulator.fetch, maxRetries: 0 });
  const relay = createRelay({ engine, client, lease: LEASE, ...options });
  relays.push(relay);
  return relay;
}

/** An engine whose pushes are lost where a test says so. */
function losing(engine: Engine, isLost: (count: number) => boolean): Engine {
  let count = 0;
  return {
    ...engine,
    watch: (id, wake) =>
      engine.watch(id, (push) => {
        if (!isLost(count++)) wake(push);
      }),
  };
}

/** An engine that counts its reads. */
function counting(engine: Engine): { engine: Engine; reads: () => number } {
  let reads = 0;
  const read: Engine['read'] = (...args) => {
    reads++;
    return engine.read(...args);
  };
  return { engine: { ...engine, read }, reads: () => reads };
}

describe('a push that is lost', () => {
  it('is noticed at the next one', async () => {
    const engine = memoryEngine();
    const relay = make(engine, { pace: { tokensPerSecond: 200 } });
    const { engine: counted, reads } = counting(engine);
    // A look at the tail comes after 5 s of silence only. The end is not lost.
    const lost = losing(counted, (count) => count % 2 === 0 && count < 12);
    const other = make(lost, undefined, { lease: 60_000 });
    await relay.start('a', PARAMS);
    expect(await other.follow('a').getFinalText()).toBe(TEXT);
    expect(reads()).toBeGreaterThan(2);
  });

  it('is found by a look at the tail where none follows', async () => {
    const engine = memoryEngine();
    const relay = make(engine, { pace: { tokensPerSecond: 200 } });
    const other = make(
      losing(engine, () => true),
      undefined,
    );
    await relay.start('a', PARAMS);
    expect(await other.follow('a').getFinalText()).toBe(TEXT);
  });
});

/** When the log of a stream is claimed again. */
async function claimedAgain(engine: Engine): Promise<number> {
  for (;;) {
    const entries = await engine.read('a', undefined, 9_999);
    if (entries.some(({ epoch }) => epoch > 1)) return performance.now();
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

/** A stream whose producer is gone without a word. */
async function orphaned(engine: Engine): Promise<void> {
  const isGone: Engine = { ...engine, beat: async () => true, watch: () => () => {} };
  const relay = make(isGone, stalled);
  await relay.start('a', PARAMS);
  for await (const _ of relay.follow('a').textStream) break;
}

describe('after an outage of the store', () => {
  it.each([
    ['refuses', () => Promise.reject(new Error('no connection'))],
    ['answers late', () => new Promise<void>((resolve) => setTimeout(resolve, 1_200))],
  ])('that %s, a candidate waits one lease before it takes over', async (_, outage) => {
    const engine = memoryEngine();
    await orphaned(engine);
    let isBack = 0;
    let outages = 2;
    const alive: Engine['alive'] = async (id) => {
      if (outages-- > 0) await outage();
      isBack ||= performance.now();
      return engine.alive(id);
    };
    const other = make({ ...engine, alive }, {});
    const text = other.follow('a').getFinalText();
    const since = await claimedAgain(engine);
    expect(since - isBack).toBeGreaterThan(LEASE - 5);
    expect(await text).toBe(TEXT);
  });
});

describe('a producer that is gone', () => {
  it('is replaced by a process with a client before one without could end the stream', async () => {
    const engine = memoryEngine();
    await orphaned(engine);
    const followers = [make(engine, undefined), make(engine, {})];
    const texts = followers.map((relay) => relay.follow('a').getFinalText());
    expect(await Promise.all(texts)).toEqual([TEXT, TEXT]);
  });

  it('ends the stream half a second after its lease, where no process has a client', async () => {
    const engine = memoryEngine();
    await orphaned(engine);
    const since = performance.now();
    const error = await make(engine, undefined)
      .follow('a')
      .getFinalText()
      .catch((error) => error);
    expect(error).toBeInstanceOf(ProducerLostError);
    expect(TEXT.startsWith(error.partialMessage.content[0].text)).toBe(true);
    expect(performance.now() - since).toBeGreaterThan(495);
  });

  it('is not replaced on the word of a replica of the store that is behind', async () => {
    const engine = memoryEngine();
    await orphaned(engine);
    // What it reads is one entry old for a while, its own claim included.
    let stale = 6;
    const read: Engine['read'] = async (...args) => {
      const entries = await engine.read(...args);
      return args[0] === 'a' && stale-- > 0 ? entries.slice(0, -1) : entries;
    };
    const behind: Engine = { ...engine, read, watch: () => () => {} };
    expect(await make(behind, {}).follow('a').getFinalText()).toBe(TEXT);
    const entries = await engine.read('a', undefined, 9_999);
    const starts = entries.filter(({ payload }) => payload.includes('"message_start"'));
    expect(starts).toHaveLength(1);
  });
});

it('an end that can not be read yet reaches the followers all the same', async () => {
  const engine = memoryEngine();
  await orphaned(engine);
  let stale = 3;
  const read: Engine['read'] = async (...args) => {
    const entries = await engine.read(...args);
    return entries.filter(({ epoch }) => epoch === 1 || stale-- <= 0);
  };
  const behind: Engine = { ...engine, read, watch: () => () => {} };
  const text = make(behind, undefined).follow('a').getFinalText();
  await expect(text).rejects.toBeInstanceOf(ProducerLostError);
});

describe('a stream that was handed over', () => {
  it('is not ended before a lease has passed', async () => {
    const engine = memoryEngine();
    const old = make(engine, stalled);
    await old.start('a', PARAMS);
    const follower = make(engine, undefined);
    const text = follower.follow('a').getFinalText();
    for await (const _ of follower.follow('a').textStream) break;
    await old.drain();
    await new Promise((resolve) => setTimeout(resolve, LEASE / 2));
    expect((await follower.status('a')).state).toBe('lost');
    // A process that comes within it can still go on.
    make(engine, {})
      .follow('a')
      .getFinalText()
      .catch(() => {});
    expect(await text).toBe(TEXT);
  });

  it('is taken within one notification, without a wait for the lease', async () => {
    const engine = memoryEngine();
    const old = make(engine, stalled, { lease: 60_000 });
    const next = make(engine, {}, { lease: 60_000 });
    await old.start('a', PARAMS);
    const text = next.follow('a').getFinalText();
    for await (const _ of next.follow('a').textStream) break;
    await old.drain();
    expect(await text).toBe(TEXT);
  });
});
