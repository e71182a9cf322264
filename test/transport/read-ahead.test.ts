import { describe, expect, it } from 'vitest';
import { PENDING, type Poll, toPromise, type Wake } from '../../src/pull/poll.js';
import { ReadAhead } from '../../src/transport/read-ahead.js';

const KIB = 1_024;

/** A ReadAhead and what it asked of its flow. */
function setup() {
  const asked: string[] = [];
  const ahead = new ReadAhead({
    pause: () => void asked.push('pause'),
    resume: () => void asked.push('resume'),
  });
  return { ahead, asked };
}

const chunk = (size: number): Uint8Array => new Uint8Array(size);
const failure = new Error('reset');

/** For reads whose answer is at hand. */
const NOBODY: Wake = () => {
  throw new Error('nothing waits');
};

const ask =
  (ahead: ReadAhead) =>
  (wake: Wake): Poll<Uint8Array | null> =>
    ahead.read(wake);

describe('reading', () => {
  it('gives all that is there at once, in its order and in one piece', () => {
    const { ahead, asked } = setup();
    for (const bytes of [[1], [2, 3], [], [4]]) ahead.push(Uint8Array.from(bytes));
    expect(ahead.read(NOBODY)).toEqual(Uint8Array.of(1, 2, 3, 4));
    expect(ahead.read(NOBODY)).toBe(PENDING);
    expect(asked).toEqual([]);
  });

  it('does not copy what came in one piece', () => {
    const { ahead } = setup();
    const bytes = chunk(1);
    ahead.push(bytes);
    expect(ahead.read(NOBODY)).toBe(bytes);
  });

  it('waits for what is not there, and hands it over', async () => {
    const { ahead } = setup();
    const bytes = chunk(1);
    const read = toPromise(ask(ahead));
    ahead.push(bytes);
    expect(await read).toBe(bytes);
    const next = toPromise(ask(ahead));
    ahead.push(bytes);
    expect(await next).toBe(bytes);
  });

  it('ends after what came before the end, and stays there', () => {
    const { ahead } = setup();
    ahead.push(chunk(1));
    ahead.end();
    expect(ahead.closed).toBe(true);
    expect(ahead.read(NOBODY)).toHaveLength(1);
    expect(ahead.read(NOBODY)).toBeNull();
    expect(ahead.read(NOBODY)).toBeNull();
  });

  it('ends a read that waits', async () => {
    const { ahead } = setup();
    const read = toPromise(ask(ahead));
    ahead.end();
    expect(await read).toBeNull();
  });

  it('fails after what came before the failure, and stays there', async () => {
    const { ahead } = setup();
    ahead.push(chunk(1));
    ahead.push(chunk(2));
    ahead.fail(failure);
    expect(ahead.closed).toBe(true);
    expect(ahead.read(NOBODY)).toHaveLength(3);
    expect(() => ahead.read(NOBODY)).toThrow(failure);
    expect(() => ahead.read(NOBODY)).toThrow(failure);
  });

  it('fails a read that waits', async () => {
    const { ahead } = setup();
    const read = toPromise(ask(ahead));
    ahead.fail(failure);
    await expect(read).rejects.toBe(failure);
  });

  it.each<[what: string, first: (ahead: ReadAhead) => void]>([
    ['an end', (ahead) => ahead.end()],
    ['a failure', (ahead) => ahead.fail(failure)],
  ])('nothing comes after %s', async (_, first) => {
    const { ahead } = setup();
    first(ahead);
    ahead.push(chunk(1));
    ahead.end();
    ahead.fail(new Error('another'));
    const read = await toPromise(ask(ahead)).catch((error: unknown) => error);
    expect([null, failure]).toContain(read);
  });
});

describe('flow', () => {
  it('is paused once at 64 KiB, and resumed once they are read', () => {
    const { ahead, asked } = setup();
    ahead.push(chunk(32 * KIB));
    ahead.push(chunk(32 * KIB - 1));
    expect(asked).toEqual([]);
    ahead.push(chunk(1));
    expect(asked).toEqual(['pause']);
    ahead.push(chunk(32 * KIB));
    expect(asked).toEqual(['pause']);

    ahead.read(NOBODY);
    expect(asked).toEqual(['pause', 'resume']);
    void toPromise(ask(ahead));
    expect(asked).toEqual(['pause', 'resume']);

    ahead.push(chunk(1));
    ahead.push(chunk(64 * KIB));
    expect(asked).toEqual(['pause', 'resume', 'pause']);
  });

  it('is not paused while a read waits for the bytes', async () => {
    const { ahead, asked } = setup();
    for (let i = 0; i < 5; i++) {
      const read = toPromise(ask(ahead));
      ahead.push(chunk(64 * KIB));
      await read;
    }
    expect(asked).toEqual([]);
  });

  it('goes on once everything is discarded, so that the end can come', () => {
    const { ahead, asked } = setup();
    ahead.push(chunk(64 * KIB));
    ahead.discard();
    expect(asked).toEqual(['pause', 'resume']);
    for (let i = 0; i < 5; i++) ahead.push(chunk(64 * KIB));
    expect(asked).toEqual(['pause', 'resume']);
    expect(ahead.closed).toBe(false);
    ahead.end();
    expect(ahead.closed).toBe(true);
    expect(ahead.read(NOBODY)).toBeNull();
  });
});
