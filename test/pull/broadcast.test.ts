import { beforeEach, describe, expect, it } from 'vitest';
import { AsyncReader } from '../../src/pull/async-reader.js';
import { Queue } from '../../src/pull/backlog.js';
import { Broadcast } from '../../src/pull/broadcast.js';
import { CaughtUp } from '../../src/pull/caught-up.js';
import { Cursor } from '../../src/pull/cursor.js';
import { NEVER_PENDING, PENDING, type Wake } from '../../src/pull/poll.js';

const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

let log: string[];
let ready: (number | Error)[];
let wake: Wake | undefined;
let onDelivered: (event: number) => void;

beforeEach(() => {
  log = [];
  ready = [];
  wake = undefined;
  onDelivered = () => {};
});

/** Numbers from `ready`; 0 is the end, negative ones are not delivered. */
function setup() {
  const past: number[] = [];
  const broadcast = new Broadcast<number, number>({
    next: (given) => {
      const next = ready.shift();
      if (next === undefined) {
        wake = given;
        return PENDING;
      }
      log.push(`took ${next}`);
      if (next instanceof Error) throw next;
      return next === 0 ? undefined : next;
    },
    accept: (raw) => {
      if (raw < 0) return undefined;
      past.push(raw);
      return raw;
    },
    toError: (thrown) => thrown,
    delivered: (event) => onDelivered(event),
    ended: (error) => void log.push(error === undefined ? 'ended' : `failed: ${error}`),
    abandoned: () => {
      log.push('abandoned');
      broadcast.end(new Error('left'));
    },
  });
  const cursor = (select: (event: number) => number | undefined = (event) => event) =>
    new Cursor<number, number>(broadcast, {
      select,
      past: () => {
        const queue = new Queue<number>();
        for (const event of past) queue.push(event);
        return queue;
      },
    });
  const reader = (select?: (event: number) => number | undefined) =>
    new AsyncReader(cursor(select));
  return { broadcast, cursor, reader };
}

/** More arrives, and the broadcast is woken where it waits. */
function arrive(...items: (number | Error)[]): void {
  ready.push(...items);
  const waiting = wake;
  wake = undefined;
  waiting?.();
}

const value = async (next: Promise<IteratorResult<number, undefined>>): Promise<unknown> => {
  const { done, value } = await next;
  return done ? 'done' : value;
};

describe('one reader', () => {
  it('pulls one event for each read, and nothing before', async () => {
    ready = [1, 2, 3];
    const reader = setup().reader();
    expect(log).toEqual([]);
    expect(await value(reader.next())).toBe(1);
    expect(log).toEqual(['took 1']);
  });

  it('passes over events that are not delivered or not selected', async () => {
    ready = [-1, 1, 2, -2, 4];
    const reader = setup().reader((event) => (event % 2 === 0 ? event : undefined));
    expect(await value(reader.next())).toBe(2);
    expect(await value(reader.next())).toBe(4);
  });

  it('answers several reads at once in their order, then the end', async () => {
    const reader = setup().reader();
    const reads = [1, 2, 3, 4, 5].map(() => value(reader.next()));
    arrive(1, 2);
    arrive(3, 0);
    expect(await Promise.all(reads)).toEqual([1, 2, 3, 'done', 'done']);
    expect(log.at(-1)).toBe('ended');
  });

  it('gets a failure once, after the events before it, then the end', async () => {
    ready = [1, new Error('broken')];
    const reader = setup().reader();
    expect(await value(reader.next())).toBe(1);
    await expect(reader.next()).rejects.toThrow('broken');
    expect(await value(reader.next())).toBe('done');
  });

  it('that leaves is answered, and ends the broadcast', async () => {
    const reader = setup().reader();
    const reads = [reader.next(), reader.next()];
    await reader.return();
    expect(await Promise.all(reads.map(value))).toEqual(['done', 'done']);
    expect(log).toEqual(['abandoned', 'failed: Error: left']);
  });
});

describe('several readers', () => {
  it('each get every event, at their own pace, and a late one from the start', async () => {
    ready = [1, 2, 3, 0];
    const { reader } = setup();
    const [fast, slow] = [reader(), reader()];
    expect(await value(slow.next())).toBe(1);
    for (const expected of [1, 2, 3, 'done']) expect(await value(fast.next())).toBe(expected);
    const late = reader();
    for (const expected of [2, 3, 'done']) expect(await value(slow.next())).toBe(expected);
    for (const expected of [1, 2, 3, 'done']) expect(await value(late.next())).toBe(expected);
    expect(log.filter((line) => line.startsWith('took'))).toHaveLength(4);
  });

  it('all get the same failure, late ones too', async () => {
    const error = new Error('broken');
    const { reader } = setup();
    const reads = [reader(), reader()].map((each) => each.next().catch((thrown) => thrown));
    arrive(error);
    expect(await Promise.all(reads)).toEqual([error, error]);
    const late = await reader()
      .next()
      .catch((thrown) => thrown);
    expect(late).toBe(error);
  });

  it('a failure that is not awaited is no unhandled rejection', async () => {
    const unhandled: unknown[] = [];
    const listen = (error: unknown): void => void unhandled.push(error);
    process.on('unhandledRejection', listen);
    const { reader } = setup();
    const first = reader();
    for (let i = 0; i < 3; i++) void first.next();
    void reader().next();
    arrive(new Error('broken'));
    await settled();
    process.off('unhandledRejection', listen);
    expect(unhandled).toEqual([]);
  });

  it('one that waits for a later event makes the others read ahead, not lose', async () => {
    const { reader } = setup();
    const all = reader();
    const even = reader((event) => (event % 2 === 0 ? event : undefined));
    const waiting = value(even.next());
    arrive(1, 2, 3);
    expect(await waiting).toBe(2);
    expect(log).toEqual(['took 1', 'took 2']);
    for (const expected of [1, 2, 3]) expect(await value(all.next())).toBe(expected);
  });
});

describe('listeners', () => {
  it('that read in the middle of a delivery wait for their turn', async () => {
    ready = [1, 2, 0];
    const { broadcast, reader } = setup();
    const inside = reader();
    const seen: unknown[] = [];
    onDelivered = (event) => {
      seen.push(`delivered ${event}`);
      if (event === 1) void value(inside.next()).then((item) => seen.push(`read ${item}`));
    };
    broadcast.readAhead();
    await settled();
    expect(seen).toEqual(['delivered 1', 'delivered 2', 'read 1']);
  });

  it('may end it: nothing is taken after that', async () => {
    ready = [1, 2];
    const { broadcast, reader } = setup();
    onDelivered = () => broadcast.end(new Error('enough'));
    const first = reader();
    expect(await value(first.next())).toBe(1);
    await expect(first.next()).rejects.toThrow('enough');
    expect(log).toEqual(['took 1', 'failed: Error: enough']);
  });

  it('readAhead() starts after the turn, so that all of them see the first event', async () => {
    ready = [1, 0];
    const { broadcast } = setup();
    broadcast.readAhead();
    expect(log).toEqual([]);
    await settled();
    expect(log).toEqual(['took 1', 'took 0', 'ended']);
  });
});

describe('the end', () => {
  it('wakes who asked for it, once, whatever the end', () => {
    const { broadcast } = setup();
    let woken = 0;
    broadcast.onEnd(() => woken++);
    broadcast.end();
    broadcast.end(new Error('too late'));
    expect(woken).toBe(1);
    expect(broadcast.ending).toEqual({ error: undefined });
  });

  it('does not come when the last reader leaves while it is kept open', async () => {
    ready = [1, 2, 0];
    const { broadcast, reader } = setup();
    broadcast.keepOpen();
    const first = reader();
    await first.next();
    await first.return();
    expect(broadcast.ending).toBeUndefined();
    expect(await value(reader().next())).toBe(1);
  });
});

describe('a source that blocks', () => {
  it('is read without a promise', () => {
    ready = [1, 2, 0];
    const { broadcast, cursor } = setup();
    const first = cursor();
    expect(first.poll(NEVER_PENDING)).toBe(1);
    broadcast.drain();
    expect(broadcast.ending).toEqual({ error: undefined });
    expect(first.poll(NEVER_PENDING)).toBe(2);
    expect(first.poll(NEVER_PENDING)).toBeUndefined();
  });

  it('is pending for a listener that reads in the middle of a delivery', () => {
    ready = [1, 2, 0];
    const { cursor } = setup();
    const [outside, inside] = [cursor(), cursor()];
    const polled: unknown[] = [];
    onDelivered = (event) => {
      if (event !== 1) return;
      polled.push(inside.poll(NEVER_PENDING));
      polled.push(inside.poll(NEVER_PENDING));
    };
    expect(outside.poll(NEVER_PENDING)).toBe(1);
    expect(polled).toEqual([1, PENDING]);
  });
});

describe('CaughtUp', () => {
  it('calls back once every reader has come back for more', async () => {
    ready = [1, 2];
    const { broadcast, reader } = setup();
    const caughtUp = new CaughtUp(broadcast);
    const [fast, slow] = [reader(), reader()];
    await Promise.all([fast.next(), slow.next()]);
    let calls = 0;
    caughtUp.when(() => calls++);
    expect(calls).toBe(0);
    await fast.next();
    expect(calls).toBe(0);
    await slow.next();
    expect(calls).toBe(0);
    void fast.next();
    void slow.next();
    expect(calls).toBe(1);
  });

  it.each<[string, (readers: AsyncReader<number>[]) => void]>([
    ['the one that it waits for leaves', ([, slow]) => void slow?.return()],
    ['the one that it waits for asks', ([, slow]) => void slow?.next()],
  ])('calls back when %s', async (_, act) => {
    ready = [1];
    const { broadcast, reader } = setup();
    const caughtUp = new CaughtUp(broadcast);
    const readers = [reader(), reader()];
    await Promise.all(readers.map((each) => each.next()));
    void readers[0]?.next();
    let calls = 0;
    caughtUp.when(() => calls++);
    expect(calls).toBe(0);
    act(readers);
    expect(calls).toBe(1);
  });

  it.each<[string, (made: ReturnType<typeof setup>) => unknown]>([
    ['a reader asks', ({ cursor }) => cursor().poll(NEVER_PENDING)],
    ['everything is read', ({ broadcast }) => broadcast.drain()],
  ])('lets its callback end the broadcast: nothing more is taken when %s', (_, read) => {
    ready = [1, 2];
    const made = setup();
    made.broadcast.onProgress = () => made.broadcast.end(new Error('closed'));
    try {
      read(made);
    } catch (error) {
      log.push(`threw: ${error}`);
    }
    expect(log.slice(0, 1)).toEqual(['failed: Error: closed']);
    expect(log.filter((entry) => entry.startsWith('took'))).toEqual([]);
  });

  it('refuses a callback that reads: it must not overtake the reader that asks', () => {
    ready = [1, 2, 0];
    const { broadcast, cursor } = setup();
    const caughtUp = new CaughtUp(broadcast);
    const [outside, inside] = [cursor(), cursor()];
    const polled: unknown[] = [outside.poll(NEVER_PENDING)];
    caughtUp.when(() => polled.push(inside.poll(NEVER_PENDING), inside.poll(NEVER_PENDING)));
    polled.push(outside.poll(NEVER_PENDING));
    expect(polled).toEqual([1, 1, PENDING, 2]);
  });

  it('calls back at once without readers, and never after the end', () => {
    const { broadcast } = setup();
    const caughtUp = new CaughtUp(broadcast);
    let calls = 0;
    caughtUp.when(() => calls++);
    expect(calls).toBe(1);
    broadcast.end();
    caughtUp.when(() => calls++);
    expect(calls).toBe(1);
  });
});
