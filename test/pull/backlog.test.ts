import { describe, expect, it } from 'vitest';
import { Queue, TextBacklog } from '../../src/pull/backlog.js';

describe('Queue', () => {
  it('keeps the order, whatever pushes and shifts alternate', () => {
    const queue = new Queue<number>();
    const taken: number[] = [];
    let pushed = 0;
    for (let round = 1; round <= 40; round++) {
      for (let i = 0; i < round % 7; i++) queue.push(pushed++);
      for (let i = 0; i < round % 5; i++) {
        const item = queue.shift();
        if (item !== undefined) taken.push(item);
      }
    }
    for (let item = queue.shift(); item !== undefined; item = queue.shift()) taken.push(item);
    expect(pushed).toBeGreaterThan(100);
    expect(taken).toEqual(Array.from({ length: pushed }, (_, i) => i));
    expect(queue.shift()).toBeUndefined();
  });

  it('forgets what was read though it is never empty', () => {
    const queue = new Queue<object>();
    const first = new WeakRef({});
    queue.push(first.deref() as object);
    const items = Array.from({ length: 10_000 }, () => ({}));
    for (const item of items) {
      queue.push(item);
      queue.shift();
    }
    expect(queue.length).toBe(1);
    // What it holds is bounded by what waits, not by what has passed through.
    expect(heldBy(queue)).toBeLessThan(8);
  });
});

/** How many slots the queue's own array has: one at most twice as long as what waits. */
function heldBy(queue: Queue<object>): number {
  let slots = 0;
  const { slice } = Array.prototype;
  Array.prototype.slice = function (this: unknown[], ...args: [number?, number?]) {
    slots = Math.max(slots, this.length);
    return slice.apply(this, args);
  };
  try {
    queue.push({});
    queue.shift();
    queue.shift();
  } finally {
    Array.prototype.slice = slice;
  }
  return slots;
}

describe('TextBacklog', () => {
  it('joins what waits, and gives nothing for nothing', () => {
    const backlog = new TextBacklog('a');
    backlog.push('b');
    expect(backlog.shift()).toBe('ab');
    expect(backlog.shift()).toBeUndefined();
    backlog.push('');
    expect(backlog.shift()).toBeUndefined();
    backlog.push('c');
    expect(backlog.shift()).toBe('c');
  });
});
