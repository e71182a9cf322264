import { describe, expect, it } from 'vitest';
import type { Timeouts } from '../../src/transport/timeouts.js';
import { millrace } from './built.js';
import { PARAMS, type Setting, setting, thrownBy } from './support.js';

/** Blocks this thread, as a reader that works does. */
function block(ms: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
}

describe('clocks', () => {
  const CLOCKS: [phase: keyof Timeouts, scenario: string, partial: string | undefined][] = [
    ['response', 'mute', undefined],
    ['idle', 'silent', 'Hello'],
    ['stall', 'pings', 'Hello'],
    ['total', 'pings', 'Hello'],
  ];

  it.each(CLOCKS)('%s ends the wait and the request', async (phase, scenario, partial) => {
    using made = setting(scenario, { timeout: { [phase]: 150 } });
    const error = thrownBy(() => made.client.messages.stream(PARAMS).untilDone());
    expect(error).toBeInstanceOf(millrace.APITimeoutError);
    expect(error).toMatchObject({ phase, reason: expect.stringContaining('within 0.15 s') });
    const { partialMessage } = error as { partialMessage?: { content: { text: string }[] } };
    expect(partialMessage?.content[0]?.text).toBe(partial);
    expect(await made.ask('left')).toBe('yes');
  });

  it('hold for messages and raw events too, and for one request', () => {
    using made = setting('mute');
    for (const stream of [true, false]) {
      const send = (): unknown =>
        made.client.messages.create({ ...PARAMS, stream }, { timeout: { response: 50 } });
      expect(thrownBy(send)).toMatchObject({ name: 'APITimeoutError', phase: 'response' });
    }
  });

  it('stand still while the reader works, whatever the worker reads ahead', async () => {
    using made = setting('late', { timeout: { idle: 300, stall: 300, total: 600 } });
    const stream = made.client.messages.stream(PARAMS);
    const texts = stream.textStream[Symbol.iterator]();
    expect(texts.next().value).toBe('Hello');
    block(1000);
    await made.ask('go');
    expect([texts.next().value, texts.next().value]).toEqual([', ', 'wörld']);
  });
});

describe('backpressure', () => {
  /** What the kernel had taken of the answer when that had not changed for a while. */
  async function acceptedAtRest({ ask }: Setting): Promise<number> {
    let last = -1;
    for (let same = 0; same < 10; ) {
      const now = Number(await ask('accepted'));
      same = now === last ? same + 1 : 0;
      last = now;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    return last;
  }

  it.each(['stream', 'create'] as const)(
    'a reader of %s that stops stops the server',
    async (how) => {
      using made = setting('endless');
      const { messages } = made.client;
      const stream =
        how === 'stream' ? messages.stream(PARAMS) : messages.create({ ...PARAMS, stream: true });
      const reader = stream[Symbol.iterator]();
      for (let i = 0; i < 100; i++) reader.next();
      const first = await acceptedAtRest(made);
      for (let i = 0; i < 100_000; i++) reader.next();
      const second = await acceptedAtRest(made);
      expect(second).toBeGreaterThan(10_000_000);
      expect(second - first).toBeLessThan(30_000_000);
      stream.close();
    },
  );

  it('memory stays flat', () => {
    using made = setting('endless');
    const reader = made.client.messages.create({ ...PARAMS, stream: true })[Symbol.iterator]();
    const read = (events: number): number => {
      for (let i = 0; i < events; i++) reader.next();
      return process.memoryUsage().rss;
    };
    const before = read(20_000);
    expect(read(100_000) - before).toBeLessThan(100_000_000);
    reader.return?.();
  });
});
