import { describe, expect, it } from 'vitest';
import { Emitter, type Listener } from '../../src/stream/emitter.js';
import { emitEvent } from '../../src/stream/listeners.js';
import { delta, textDelta } from '../contract/wire.js';

/** What listeners see of two arguments, and whether they can see the second. */
const seen: unknown[] = [];

// biome-ignore-start lint/complexity/noArguments: what is tested
// biome-ignore-start lint/complexity/useArrowFunction: what is tested
const LISTENERS: Readonly<Record<string, [Listener, takesMore: boolean]>> = {
  'an arrow function of one parameter': [(text) => void seen.push(text), false],
  'an arrow function of none': [() => void seen.push('called'), false],
  'an async one': [async (text) => void seen.push(text), false],
  'an arrow function of two': [(_, all) => void seen.push(all), true],
  'one with a default': [(_, all = 'none') => void seen.push(all), true],
  'one with a rest': [(...all) => void seen.push(all[1]), true],
  'one with a pattern': [([first]) => void seen.push(first), true],
  'a function, which has arguments': [
    function () {
      seen.push(arguments[1]);
    },
    true,
  ],
  'a method': [{ note: (_: string, all: string) => void seen.push(all) }.note, true],
  'a bound function': [((_: string, all: string) => void seen.push(all)).bind(undefined), true],
};
// biome-ignore-end lint/complexity/useArrowFunction: what is tested
// biome-ignore-end lint/complexity/noArguments: what is tested

describe('what a listener can look at', () => {
  it.each(Object.entries(LISTENERS))('%s', (_, [listener, takesMore]) => {
    const emitter = new Emitter();
    emitter.add('text', listener, false);
    expect(emitter.looksAt('text')).toBe(takesMore ? 'all' : 'first');
    expect(emitter.looksAt('thinking')).toBe('nothing');
    emitter.remove('text', listener);
    expect(emitter.looksAt('text')).toBe('nothing');
  });

  it.each(Object.entries(LISTENERS))('is what %s gets', (_, [listener, takesMore]) => {
    const emitter = new Emitter();
    emitter.add('text', listener, false);
    let looks = 0;
    emitEvent(emitter, textDelta(0, 'a piece'), (_, field) => {
      if (field === 'type') return 'text';
      looks++;
      return 'all';
    });
    expect(looks).toBe(takesMore ? 1 : 0);
  });

  it('is built for all where one of them takes it', () => {
    const emitter = new Emitter();
    const all: unknown[] = [];
    emitter.add('inputJson', () => {}, false);
    emitter.add('inputJson', (_, input) => void all.push(input), false);
    emitEvent(emitter, delta(0, { type: 'input_json_delta', partial_json: '1' }), () => 'input');
    expect(all).toEqual(['input']);
  });
});
