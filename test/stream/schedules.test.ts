import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { accumulate } from '../../src/message/accumulate.js';
import { MessageStream } from '../../src/stream/message-stream.js';
import type { RawMessageStreamEvent } from '../../src/wire/events.js';
import { sse, type WireEvent } from '../contract/wire.js';
import { byTier } from '../support/tier.js';
import { BROKEN, RICH, RICH_TEXT, turns, until } from './support.js';

/** One thing that happens: bytes come, a reader starts, reads or leaves, microtask turns pass. */
type Step =
  | { do: 'feed'; bytes: number }
  | { do: 'turns'; count: number }
  | { do: 'events' | 'text' | 'listen' | 'final' }
  | { do: 'next' | 'leave'; reader: number };

const steps: fc.Arbitrary<Step[]> = fc.array(
  fc.oneof(
    { weight: 4, arbitrary: fc.record({ do: fc.constant('feed' as const), bytes: fc.nat(400) }) },
    { weight: 4, arbitrary: fc.record({ do: fc.constant('next' as const), reader: fc.nat(9) }) },
    { weight: 4, arbitrary: fc.record({ do: fc.constant('turns' as const), count: fc.nat(9) }) },
    { weight: 2, arbitrary: fc.constantFrom({ do: 'events' as const }, { do: 'text' as const }) },
    { weight: 1, arbitrary: fc.record({ do: fc.constant('leave' as const), reader: fc.nat(9) }) },
    { weight: 1, arbitrary: fc.constantFrom({ do: 'listen' as const }, { do: 'final' as const }) },
  ),
  { minLength: 10, maxLength: 60, size: 'max' },
);

interface Reading {
  iterator: AsyncIterator<unknown, undefined>;
  /** What it asked for so far. */
  asked: Promise<IteratorResult<unknown, undefined>>[];
  left: boolean;
}

/** Plays the steps, then lets everybody read to the end; gives what each reader saw. */
async function play(
  events: readonly WireEvent[],
  plan: readonly Step[],
): Promise<{ stream: MessageStream; seen: unknown[][]; errors: unknown[] }> {
  const bytes = new TextEncoder().encode(sse(...events));
  /** Undefined once the body is cancelled, after an error. */
  let controller: ReadableStreamDefaultController<Uint8Array> | undefined;
  let at = 0;
  const stream = MessageStream.from(
    new ReadableStream<Uint8Array>({
      start: (given) => {
        controller = given;
      },
      cancel: () => {
        controller = undefined;
      },
    }),
  );
  const readings: Reading[] = [];
  const start = (items: AsyncIterable<unknown>): void => {
    const iterator = items[Symbol.asyncIterator]();
    readings.push({ iterator, asked: [iterator.next()], left: false });
  };
  const one = (reader: number): Reading | undefined => readings[reader % readings.length];
  // One that never leaves: the stream must not be abandoned.
  start(stream);
  const actions: { [Do in Step['do']]: (step: Extract<Step, { do: Do }>) => unknown } = {
    feed: ({ bytes: count }) => {
      controller?.enqueue(bytes.subarray(at, at + count));
      at = Math.min(at + count, bytes.length);
    },
    events: () => start(stream),
    text: () => start(stream.textStream),
    next: ({ reader }) => {
      const reading = one(reader);
      if (reading?.left === false) reading.asked.push(reading.iterator.next());
    },
    leave: ({ reader }) => {
      const reading = reader % readings.length === 0 ? undefined : one(reader);
      if (reading === undefined) return;
      reading.left = true;
      return reading.iterator.return?.();
    },
    listen: () => void stream.on('text', () => {}),
    final: () => void stream.getFinalMessage(),
    turns: ({ count }) => turns(count),
  };
  for (const step of plan) {
    const done = (actions[step.do] as (step: Step) => unknown)(step);
    if (step.do === 'turns') await done;
  }
  controller?.enqueue(bytes.subarray(at));
  const results = await Promise.all(
    readings.map(async ({ iterator, asked, left }) => {
      const settled = await Promise.allSettled(asked);
      const early = settled.flatMap((result) =>
        result.status === 'fulfilled' && !result.value.done ? [result.value.value] : [],
      );
      const failed = settled.flatMap((r) => (r.status === 'rejected' ? [r.reason] : []));
      const rest = await until({ [Symbol.asyncIterator]: () => iterator });
      return { left, seen: [...early, ...rest.seen], error: failed[0] ?? rest.error };
    }),
  );
  const stayed = results.filter(({ left }) => !left);
  return {
    stream,
    seen: stayed.map(({ seen }) => seen),
    errors: stayed.map(({ error }) => error),
  };
}

const textOf = (items: readonly unknown[]): string =>
  items
    .map((item) =>
      typeof item === 'string' ? item : ((item as WireEvent).delta as { text?: string })?.text,
    )
    .join('');

describe('whatever readers do, and whenever', () => {
  it('each of them sees the whole message, once', async () => {
    await fc.assert(
      fc.asyncProperty(steps, async (plan) => {
        const { stream, seen, errors } = await play(RICH, plan);
        const message = await stream.getFinalMessage();
        expect(errors.every((error) => error === undefined)).toBe(true);
        for (const items of seen) {
          expect(textOf(items)).toBe(RICH_TEXT);
          if (typeof items[0] === 'string') continue;
          expect(accumulate(items as RawMessageStreamEvent[])).toEqual(message);
        }
      }),
      { numRuns: byTier({ fast: 100, exhaustive: 500 }) },
    );
  });

  it('each of them sees all there was of a broken one, then the error', async () => {
    await fc.assert(
      fc.asyncProperty(steps, async (plan) => {
        const { stream, seen, errors } = await play(BROKEN, plan);
        const error = await stream.getFinalMessage().catch((failure) => failure);
        expect(errors.every((each) => each === error)).toBe(true);
        expect(error).toMatchObject({ name: 'OverloadedError' });
        for (const items of seen) {
          expect(textOf(items)).toBe('It is 21 °C');
          if (typeof items[0] === 'string') continue;
          expect(accumulate(items as RawMessageStreamEvent[])).toEqual(error.partialMessage);
        }
      }),
      { numRuns: byTier({ fast: 100, exhaustive: 500 }) },
    );
  });
});
