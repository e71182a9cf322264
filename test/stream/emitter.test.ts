import { describe, expect, it } from 'vitest';
import { AnthropicError } from '../../src/errors.js';
import { Emitter, type Listener } from '../../src/stream/emitter.js';
import { collectRaised, idle } from './support.js';

/** A listener that notes its arguments. */
function recorder(): { calls: unknown[][]; listener: Listener } {
  const calls: unknown[][] = [];
  return { calls, listener: (...args) => void calls.push(args) };
}

describe('add and remove', () => {
  it('calls the listeners of a name in the order in which they were added', () => {
    const emitter = new Emitter();
    const calls: string[] = [];
    emitter.add('text', () => calls.push('first'), false);
    emitter.add('end', () => calls.push('of another name'), false);
    emitter.add('text', () => calls.push('second'), false);
    emitter.emit('text');
    expect(calls).toEqual(['first', 'second']);
  });

  it('passes all arguments on', () => {
    const emitter = new Emitter();
    const { calls, listener } = recorder();
    emitter.add('text', listener, false);
    emitter.emit('text', 'a', 1);
    emitter.emit('text');
    expect(calls).toEqual([['a', 1], []]);
  });

  it('calls a listener once for each time it was added', () => {
    const emitter = new Emitter();
    const { calls, listener } = recorder();
    emitter.add('text', listener, false);
    emitter.add('text', listener, false);
    emitter.emit('text', 'a');
    emitter.remove('text', listener);
    emitter.emit('text', 'b');
    expect(calls).toEqual([['a'], ['a'], ['b']]);
  });

  it('removes from one name only, and ignores what was never added', () => {
    const emitter = new Emitter();
    const { calls, listener } = recorder();
    emitter.remove('text', listener);
    emitter.add('text', listener, false);
    emitter.remove('end', listener);
    emitter.remove('text', () => {});
    emitter.emit('text', 'a');
    expect(calls).toEqual([['a']]);
  });

  it('knows whether any listener was added, and whether one is there for a name', () => {
    const emitter = new Emitter();
    const { listener } = recorder();
    expect([emitter.isEmpty, emitter.has('text')]).toEqual([true, false]);
    emitter.add('text', listener, false);
    expect([emitter.isEmpty, emitter.has('text'), emitter.has('end')]).toEqual([
      false,
      true,
      false,
    ]);
    emitter.remove('text', listener);
    expect(emitter.has('text')).toBe(false);
  });
});

describe('once', () => {
  it('is called at the first event only, even where that event emits the next one', () => {
    const emitter = new Emitter();
    const calls: unknown[] = [];
    const listener: Listener = (value: number) => {
      calls.push(value);
      if (value < 3) emitter.emit('text', value + 1);
    };
    emitter.add('text', listener, true);
    emitter.emit('text', 1);
    emitter.emit('text', 2);
    expect(calls).toEqual([1]);
    expect(emitter.has('text')).toBe(false);
  });

  it('is called at one event only where a listener before it emits the next one', () => {
    const emitter = new Emitter();
    const { calls, listener } = recorder();
    const nesting: Listener = (value: number) => {
      if (value === 1) emitter.emit('text', 2);
    };
    emitter.add('text', nesting, false);
    emitter.add('text', listener, true);
    emitter.emit('text', 1);
    expect(calls).toEqual([[2]]);
  });

  it.each([
    ['on, then once', [false, true]],
    ['once, then on', [true, false]],
  ])('leaves the other entry of the same listener alone: %s', (_, entries) => {
    const emitter = new Emitter();
    const { calls, listener } = recorder();
    for (const once of entries) emitter.add('text', listener, once);
    for (const value of ['a', 'b', 'c']) emitter.emit('text', value);
    expect(calls).toEqual([['a'], ['a'], ['b'], ['c']]);
  });
});

describe('while an event is emitted', () => {
  it('a listener that is added is called from the next event on', () => {
    const emitter = new Emitter();
    const { calls, listener } = recorder();
    emitter.add('text', () => emitter.add('text', listener, false), true);
    emitter.emit('text', 'a');
    emitter.emit('text', 'b');
    expect(calls).toEqual([['b']]);
  });

  it('the removal of a listener leaves the ones after it alone', () => {
    const emitter = new Emitter();
    const { calls, listener } = recorder();
    const leaving: Listener = () => emitter.remove('text', leaving);
    emitter.add('text', leaving, false);
    emitter.add('text', listener, false);
    emitter.emit('text', 'a');
    expect(calls).toEqual([['a']]);
  });
});

describe('emitTo', () => {
  it('calls one listener alone', () => {
    const emitter = new Emitter();
    const [one, other] = [recorder(), recorder()];
    emitter.add('end', one.listener, false);
    emitter.add('end', other.listener, false);
    emitter.emitTo(other.listener, 'end', ['a', 'b']);
    expect([one.calls, other.calls]).toEqual([[], [['a', 'b']]]);
  });

  it('uses up a listener that was added once, and skips one that was removed', () => {
    const emitter = new Emitter();
    const { calls, listener } = recorder();
    emitter.add('end', listener, true);
    emitter.emitTo(listener, 'end', ['a']);
    emitter.emitTo(listener, 'end', ['b']);
    expect(calls).toEqual([['a']]);
  });
});

describe('a listener that fails', () => {
  const cause = new Error('mine');
  const failing: readonly [how: string, listener: Listener][] = [
    [
      'throws',
      () => {
        throw cause;
      },
    ],
    ['rejects', () => Promise.reject(cause)],
  ];

  it.each(failing)(
    'is reported to error listeners and stops no other: it %s',
    async (_, listener) => {
      const emitter = new Emitter();
      const [errors, others] = [recorder(), recorder()];
      emitter.add('error', errors.listener, false);
      emitter.add('text', listener, false);
      emitter.add('text', others.listener, false);
      emitter.emit('text', 'a');
      await Promise.resolve();
      expect(others.calls).toEqual([['a']]);
      expect(errors.calls).toHaveLength(1);
      expect(errors.calls[0]?.[0]).toBeInstanceOf(AnthropicError);
      expect(errors.calls[0]?.[0]).toMatchObject({
        message: "a listener for 'text' threw: mine",
        cause,
      });
    },
  );

  it.each(failing)(
    'for errors is not reported to itself, but raised: it %s',
    async (_, listener) => {
      using raised = collectRaised();
      const emitter = new Emitter();
      const others = recorder();
      emitter.add('error', listener, false);
      emitter.add('error', others.listener, false);
      const error = new AnthropicError('of the stream');
      emitter.emit('error', error);
      await idle();
      expect(others.calls).toEqual([[error]]);
      expect(raised.messages).toEqual(["a listener for 'error' threw: mine"]);
    },
  );
});
