import { describe, expect, it } from 'vitest';
import { Cancellation } from '../../src/transport/cancellation.js';
import { collectRaised, idle } from '../stream/support.js';

describe('a cancellation', () => {
  it('fires once, with its first reason', () => {
    const cancellation = new Cancellation();
    let calls = 0;
    cancellation.addEventListener('abort', () => void calls++);
    expect([cancellation.aborted, cancellation.reason]).toEqual([false, undefined]);
    cancellation.abort('first');
    cancellation.abort('second');
    expect([calls, cancellation.aborted, cancellation.reason]).toEqual([1, true, 'first']);
  });

  it('throws its reason once it has fired', () => {
    const cancellation = new Cancellation();
    cancellation.throwIfAborted();
    cancellation.abort(new Error('over'));
    expect(() => cancellation.throwIfAborted()).toThrow('over');
  });

  it('calls neither callbacks that were removed nor those that come late', () => {
    const cancellation = new Cancellation();
    const calls: string[] = [];
    const removed = (): void => void calls.push('removed');
    cancellation.addEventListener('abort', removed);
    cancellation.addEventListener('abort', () => void calls.push('kept'));
    cancellation.removeEventListener('abort', removed);
    cancellation.abort(undefined);
    cancellation.addEventListener('abort', () => void calls.push('late'));
    expect(calls).toEqual(['kept']);
  });

  it('has fired already for those it calls, and one that fails stops no other', async () => {
    using raised = collectRaised();
    const cancellation = new Cancellation();
    const seen: boolean[] = [];
    cancellation.addEventListener('abort', () => {
      throw new Error('a bug');
    });
    cancellation.addEventListener('abort', () => void seen.push(cancellation.aborted));
    cancellation.abort('over');
    await idle();
    expect(seen).toEqual([true]);
    expect(raised.messages).toEqual([expect.stringContaining('a bug')]);
  });
});
