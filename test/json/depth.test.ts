import { describe, expect, it } from 'vitest';
import { JsonStream } from '../../src/json/json-stream.js';

const nest = (depth: number): string => `${'[{"a":'.repeat(depth / 2)}1${'}]'.repeat(depth / 2)}`;

describe('maxDepth', () => {
  it('is 512 by default', () => {
    expect(read(nest(512))).toMatchObject({ status: 'complete', value: JSON.parse(nest(512)) });
    const { status, error } = read(nest(514));
    expect(status).toBe('invalid');
    expect(error).toMatchObject({
      position: 256 * 6,
      found: '[',
      message: "expected at most 512 open brackets, found '[' at position 1536",
    });
  });

  // biome-ignore format: a table
  it.each([
    [0, '1', 'complete'], [0, '[]', 'invalid'], [0, '{', 'invalid'], [1, '[]', 'complete'], [1, '{"a":[', 'invalid'],
    [2, '[[],[],{"a":1}]', 'complete'], [2, '[[],[[', 'invalid'], [2, '[[[', 'invalid'],
  ])('of %d: %j is %s', (maxDepth, text, status) => {
    expect(read(text, maxDepth).status).toBe(status);
  });

  it('keeps the value up to the bracket that was too much', () => {
    expect(read('[1,[2,[3]]]', 2).value).toEqual([1, [2]]);
  });

  it('is the only bound: 100,000 levels need no stack', () => {
    const depth = 100_000;
    const stream = new JsonStream(depth);
    const heard: number[] = [];
    stream.onValue('', () => heard.push(1));
    stream.feed('['.repeat(depth));
    expect(stream.isComplete(new Array(depth - 1).fill(0))).toBe(false);
    stream.feed(']'.repeat(depth));
    expect(stream.status).toBe('complete');
    expect(stream.isComplete([0, 0, 0])).toBe(true);
    expect(heard).toEqual([1]);
  });
});

function read(text: string, maxDepth?: number): JsonStream {
  const stream = new JsonStream(maxDepth);
  stream.feed(text);
  stream.end();
  return stream;
}
