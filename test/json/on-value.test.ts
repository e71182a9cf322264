import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { JsonStream } from '../../src/json/json-stream.js';
import type { JsonPath } from '../../src/json/path.js';
import { cut, cuts, documents } from './documents.js';
import { expectSame } from './same.js';
import { walk } from './walk.js';

const ROWS =
  '{"rows":[{"id":1,"tags":["x","y"]},{"id":2,"tags":[]}],"n":3,"a.b":{"*":4},"":{"":5}}';

/** One pattern for each level that the documents have, and more. */
const LEVELS = Array.from({ length: 12 }, (_, depth) => new Array(depth).fill('*').join('.'));

describe('onValue', () => {
  // biome-ignore format: a table
  it.each<[string | JsonPath, [unknown, JsonPath][]]>([
    ['', [[JSON.parse(ROWS), []]]],
    [[], [[JSON.parse(ROWS), []]]],
    ['n', [[3, ['n']]]],
    ['rows.*', [[{ id: 1, tags: ['x', 'y'] }, ['rows', 0]], [{ id: 2, tags: [] }, ['rows', 1]]]],
    ['rows.*.id', [[1, ['rows', 0, 'id']], [2, ['rows', 1, 'id']]]],
    ['rows.*.tags.*', [['x', ['rows', 0, 'tags', 0]], ['y', ['rows', 0, 'tags', 1]]]],
    ['rows.1', [[{ id: 2, tags: [] }, ['rows', 1]]]],
    ['rows.1.id', [[2, ['rows', 1, 'id']]]],
    [['rows', 1, 'id'], [[2, ['rows', 1, 'id']]]],
    ['*.0.id', [[1, ['rows', 0, 'id']]]],
    ['*.*.*', [[1, ['rows', 0, 'id']], [['x', 'y'], ['rows', 0, 'tags']], [2, ['rows', 1, 'id']], [[], ['rows', 1, 'tags']]]],
    ['a.b', []],
    [['a.b'], [[{ '*': 4 }, ['a.b']]]],
    [['a.b', '*'], [[4, ['a.b', '*']]]],
    [['*', '*'], []],
    [[''], [[{ '': 5 }, ['']]]],
    ['.', [[5, ['', '']]]],
    ['rows.01', []], ['rows.-1', []], ['rows.length', []], ['rows.', []], ['rows.*.id.x', []], ['toString', []], ['n.*', []],
  ])('of %j hears each as it finishes, early and late alike', (pattern, expected) => {
    const early = heard();
    const stream = new JsonStream();
    stream.onValue(pattern, early.listener);
    for (const fragment of cut(ROWS, [1])) stream.feed(fragment);
    expect(early.calls).toStrictEqual(expected);

    const late = heard();
    stream.onValue(pattern, late.listener);
    expect(late.calls).toStrictEqual(expected);
  });

  it('calls at the last character of a value, a number at the one after', () => {
    const stream = new JsonStream();
    const calls: unknown[] = [];
    for (const pattern of ['*', '']) stream.onValue(pattern, (value) => calls.push(value));
    const counts = '["a",12,null,[], 3 ]'.split('').map((character) => {
      stream.feed(character);
      return calls.length;
    });
    // After          [ " a " , 1 2 , n u l l , [ ] ,   3   ]
    expect(counts).toEqual([0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 4, 4, 4, 4, 5, 6]);
  });

  it('hears a number at the root at the end', () => {
    const { calls, listener } = heard();
    const stream = new JsonStream();
    stream.onValue('', listener);
    stream.feed('12');
    expect(calls).toEqual([]);
    stream.end();
    expect(calls).toEqual([[12, []]]);
  });

  it('hears every value of 1,000 documents once, in order, however they are cut', () => {
    fc.assert(
      fc.property(documents, cuts, ({ text, ordered }, lengths) => {
        fc.pre(ordered);
        const { calls, listener } = heard();
        const stream = new JsonStream();
        for (const pattern of LEVELS) stream.onValue(pattern, listener);
        for (const fragment of cut(text, lengths)) stream.feed(fragment);
        stream.end();
        expectSame(calls, walk(JSON.parse(text)), text);
      }),
      { seed: 6, numRuns: 1_000 },
    );
  });

  it('hears the same of 1,000 documents when it is added in the middle', () => {
    fc.assert(
      fc.property(
        documents,
        cuts,
        fc.nat(),
        fc.nat(4),
        ({ text, ordered }, lengths, seed, depth) => {
          fc.pre(ordered);
          const pattern = LEVELS[depth] ?? '';
          const early = heard();
          const late = heard();
          const stream = new JsonStream();
          stream.onValue(pattern, early.listener);
          const fragments = cut(text, lengths);
          const joins = seed % fragments.length;
          fragments.forEach((fragment, i) => {
            if (i === joins) stream.onValue(pattern, late.listener);
            stream.feed(fragment);
          });
          stream.end();
          expectSame(late.calls, early.calls, text);
        },
      ),
      { seed: 7, numRuns: 1_000 },
    );
  });

  it('gives a late listener what stands there: of a key that came twice, the later value', () => {
    const early = heard();
    const late = heard();
    const stream = new JsonStream();
    stream.onValue('a', early.listener);
    stream.feed('{"a":1,"a":[2],');
    stream.onValue('a', late.listener);
    expect(early.calls).toEqual([
      [1, ['a']],
      [[2], ['a']],
    ]);
    expect(late.calls).toEqual([[[2], ['a']]]);
  });

  it('leaves a late listener to wait for what is under way', () => {
    const { calls, listener } = heard();
    const stream = new JsonStream();
    stream.feed('{"a":1,"b":[2');
    stream.onValue('*', listener);
    expect(calls).toEqual([[1, ['a']]]);
    stream.feed('],"a":"x');
    expect(calls).toEqual([
      [1, ['a']],
      [[2], ['b']],
    ]);
    const again = heard();
    stream.onValue('*', again.listener);
    expect(again.calls).toEqual([[[2], ['b']]]);
  });

  // biome-ignore format: a table
  it.each([
    ['{"b":[{"a":', 'a.*.a', '1}],"a":[{"a":2}]}', [2]],
    ['{"b":[{"a":', 'b.*.a', '1},{"a":2}],"a":[{"a":3}]}', [1, 2]],
    ['{"b":[{"a":', 'b.1.a', '1},{"a":2}]}', [2]],
    ['{"b":[{"a":', 'b.0.a', '1},{"a":2}]}', [1]],
    ['{"b":[{"a":"x', '*.*.a', 'y"},{"a":2}]}', ['xy', 2]],
  ])('added after %j, of %j: hears of what follows: %j', (before, pattern, after, expected) => {
    const { calls, listener } = heard();
    const stream = new JsonStream();
    stream.feed(before);
    stream.onValue(pattern, listener);
    stream.feed(after);
    expect(calls.map(([value]) => value)).toEqual(expected);
  });

  it('shows a listener the value up to what has just finished', () => {
    const stream = new JsonStream();
    const seen: string[] = [];
    stream.onValue('*', () => seen.push(`${stream.status} ${JSON.stringify(stream.value)}`));
    stream.onValue('', () => seen.push(`${stream.status} ${stream.isComplete('')}`));
    stream.feed('[1,"ab",[2]] ');
    expect(seen).toEqual([
      'unfinished [1]',
      'unfinished [1,"ab"]',
      'unfinished [1,"ab",[2]]',
      'complete true',
    ]);
  });

  it('calls the listeners of one value in the order in which they were added', () => {
    const stream = new JsonStream();
    const calls: string[] = [];
    stream.onValue('*', () => calls.push('first'));
    stream.onValue('0', () => calls.push('second'));
    stream.onValue('*', () => calls.push('third'));
    stream.feed('[1,');
    expect(calls).toEqual(['first', 'second', 'third']);
  });

  it('does not call a listener that was taken away, not even for the value being told of', () => {
    const stream = new JsonStream();
    const calls: string[] = [];
    const takeAway = [
      stream.onValue('*', () => {
        calls.push('first');
        takeAway[1]?.();
      }),
      stream.onValue('*', () => calls.push('second')),
    ];
    stream.feed('[1,2,');
    takeAway[0]?.();
    takeAway[0]?.();
    stream.feed('3,4]');
    expect(calls).toEqual(['first', 'first']);
  });

  it('gives a listener that another adds each value once', () => {
    const stream = new JsonStream();
    const { calls, listener } = heard();
    const takeAway = stream.onValue('rows.1', () => {
      stream.onValue('rows.*', listener);
      takeAway();
    });
    stream.feed('{"rows":[1,2,3,[4]]}');
    expect(calls).toEqual([
      [1, ['rows', 0]],
      [2, ['rows', 1]],
      [3, ['rows', 2]],
      [[4], ['rows', 3]],
    ]);
  });

  it('reads on when listeners throw, and throws that afterwards', () => {
    const stream = new JsonStream();
    const { calls, listener } = heard();
    stream.onValue('0', () => {
      throw new Error('of the first');
    });
    stream.onValue('2', () => {
      throw new Error('of the third');
    });
    stream.onValue('*', listener);
    expect(() => stream.feed('[1')).not.toThrow();
    expect(() => stream.feed(',2,')).toThrow(new Error('of the first'));
    expect(() => stream.feed('3]')).toThrow('of the third');
    expect(() => stream.end()).not.toThrow();
    expect(stream).toMatchObject({ status: 'complete', value: [1, 2, 3] });
    expect(calls.map(([value]) => value)).toEqual([1, 2, 3]);
  });

  it('throws several errors of one fragment together', () => {
    const stream = new JsonStream();
    const errors = [new Error('one'), new Error('two')];
    for (const error of errors) {
      stream.onValue('*', () => {
        throw error;
      });
    }
    const caught = thrownBy(() => stream.feed('[1,'));
    expect(caught).toBeInstanceOf(AggregateError);
    expect(caught).toMatchObject({ message: '2 listeners threw', errors });
  });

  it('throws what a listener throws on the past, and does not add it', () => {
    const stream = new JsonStream();
    stream.feed('[1,');
    let calls = 0;
    const listener = (): void => {
      calls++;
      throw new Error('no');
    };
    expect(() => stream.onValue('*', listener)).toThrow('no');
    stream.feed('2,3]');
    expect(calls).toBe(1);
  });

  it.each([
    ['feed', (stream: JsonStream) => stream.feed('3')],
    ['end', (stream: JsonStream) => stream.end()],
  ])('does not let a listener call %s()', (method, call) => {
    const message = `${method}() inside an onValue listener`;
    const stream = new JsonStream();
    stream.onValue('0', () => call(stream));
    expect(() => stream.feed('[1,2')).toThrow(message);
    expect(() => stream.onValue('0', () => call(stream))).toThrow(message);
    stream.feed(']');
    expect(stream.value).toEqual([1, 2]);
  });

  it('does not let a listener call feed() after it added another', () => {
    const stream = new JsonStream();
    stream.onValue('1', () => {
      stream.onValue('0', () => {});
      stream.feed('3');
    });
    expect(() => stream.feed('[1,2,')).toThrow('feed() inside an onValue listener');
    expect(stream.value).toEqual([1, 2]);
  });

  it('is not told of what an invalid text has in the making', () => {
    const stream = new JsonStream();
    const { calls, listener } = heard();
    stream.onValue('*', listener);
    stream.feed('[1,"a",2x,3]');
    expect(calls).toEqual([
      [1, [0]],
      ['a', [1]],
    ]);
    const late = heard();
    stream.onValue('*', late.listener);
    expect(late.calls).toEqual(calls);
  });
});

function heard() {
  const calls: [unknown, JsonPath][] = [];
  return {
    calls,
    // The value as it is now: one that finished must not change any more.
    listener: (value: unknown, path: JsonPath): void => {
      calls.push([structuredClone(value), path]);
    },
  };
}

function thrownBy(call: () => void): unknown {
  try {
    call();
  } catch (error) {
    return error;
  }
  return undefined;
}
