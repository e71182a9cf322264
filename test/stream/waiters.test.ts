import { describe, expect, it } from 'vitest';
import { Waiters } from '../../src/stream/waiters.js';

describe('waiters', () => {
  it('are answered in the order in which they came', async () => {
    const waiters = new Waiters<number>();
    const calls = [waiters.add(), waiters.add()];
    waiters.answer(1);
    calls.push(waiters.add());
    expect(waiters.isEmpty).toBe(false);
    waiters.answer(2);
    waiters.answer(3);
    expect(waiters.isEmpty).toBe(true);
    expect(await Promise.all(calls)).toEqual([1, 2, 3]);
  });

  it('are all answered at the end, each with what it is given then', async () => {
    const waiters = new Waiters<string>();
    const calls = [waiters.add(), waiters.add(), waiters.add()];
    const answers = [Promise.reject(new Error('broken')), Promise.resolve('done')];
    waiters.settle(() => answers.shift() ?? Promise.resolve('done'));
    expect(waiters.isEmpty).toBe(true);
    const settled = await Promise.allSettled(calls);
    expect(settled.map(({ status }) => status)).toEqual(['rejected', 'fulfilled', 'fulfilled']);
  });

  it('that fail and are never awaited are no unhandled rejections', async () => {
    const unhandled: unknown[] = [];
    const listen = (error: unknown): void => void unhandled.push(error);
    process.on('unhandledRejection', listen);
    const waiters = new Waiters<void>();
    for (let i = 0; i < 3; i++) void waiters.add();
    const failed = Promise.reject(new Error('broken'));
    failed.catch(() => {});
    waiters.settle(() => failed);
    await new Promise((resolve) => setImmediate(resolve));
    process.off('unhandledRejection', listen);
    expect(unhandled).toEqual([]);
  });
});
