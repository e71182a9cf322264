import { describe, expect, it } from 'vitest';
import { JsonError } from '../../src/json/json-error.js';
import { JsonStream } from '../../src/json/json-stream.js';

describe('status', () => {
  // biome-ignore format: a table
  it.each([
    ['', 'unfinished', 'unfinished'], ['  ', 'unfinished', 'unfinished'],
    ['1', 'unfinished', 'complete'], ['-0.5e3', 'unfinished', 'complete'], ['1 ', 'complete', 'complete'],
    ['-', 'unfinished', 'unfinished'], ['1.', 'unfinished', 'unfinished'], ['1e', 'unfinished', 'unfinished'],
    ['nul', 'unfinished', 'unfinished'], ['null', 'complete', 'complete'], ['"a', 'unfinished', 'unfinished'],
    ['"a"', 'complete', 'complete'], ['[1', 'unfinished', 'unfinished'], ['[1]', 'complete', 'complete'],
    ['{}  ', 'complete', 'complete'], ['{}x', 'invalid', 'invalid'], ['[1}', 'invalid', 'invalid'], ['01', 'invalid', 'invalid'],
  ])('of %j is %s, and %s after end()', (text, before, after) => {
    const stream = new JsonStream();
    stream.feed(text);
    expect(stream.status).toBe(before);
    stream.end();
    expect(stream.status).toBe(after);
    stream.end();
    expect(stream.status).toBe(after);
  });

  it('goes from complete to invalid when text comes after the value, which stays', () => {
    const stream = new JsonStream();
    stream.feed('{"a":1} ');
    expect(stream.status).toBe('complete');
    stream.feed('\n');
    expect(stream.status).toBe('complete');
    stream.feed(' 2');
    expect(stream.status).toBe('invalid');
    expect(stream.value).toEqual({ a: 1 });
  });

  it('stays invalid, and keeps value and error, whatever comes', () => {
    const stream = new JsonStream();
    stream.feed('{"a":"xy');
    const { value } = stream;
    stream.feed('z\n');
    const { error } = stream;
    for (const more of ['', '"', '}', '{"a":1}']) stream.feed(more);
    stream.end();
    expect(stream.status).toBe('invalid');
    expect(stream.error).toBe(error);
    expect(stream.value).toBe(value);
    expect(value).toEqual({ a: 'xyz' });
  });

  it('knows no value before the first character of one', () => {
    const stream = new JsonStream();
    expect(stream).toMatchObject({ value: undefined, status: 'unfinished', error: undefined });
  });
});

describe('error', () => {
  // biome-ignore format: a table
  it.each([
    ['+1', 0, '+', "expected a value, found '+' at position 0"],
    ['[,', 1, ',', "expected a value or ']', found ',' at position 1"],
    ['[1,]', 3, ']', "expected a value, found ']' at position 3"],
    ['[1}', 2, '}', "expected ',' or ']', found '}' at position 2"],
    ['{a', 1, 'a', "expected a key in double quotes or '}', found 'a' at position 1"],
    ['{"a":1,}', 7, '}', "expected a key in double quotes, found '}' at position 7"],
    ['{"a" 1', 5, '1', "expected ':' after a key, found '1' at position 5"],
    ['{"a":1]', 6, ']', "expected ',' or '}', found ']' at position 6"],
    ['"a\nb"', 2, '\n', 'expected control characters in a string to be escaped, found U+000A at position 2'],
    ['"\\x"', 2, 'x', 'expected one of "\\/bfnrtu after a backslash, found \'x\' at position 2'],
    ['"\\u12g4"', 5, 'g', "expected four hex digits after \\u, found 'g' at position 5"],
    ['-a', 1, 'a', "expected a digit, found 'a' at position 1"],
    ['01', 1, '1', "expected nothing after the value, found '1' at position 1"],
    ['nulL', 3, 'L', "expected null, found 'L' at position 3"],
    ['{} x', 3, 'x', "expected nothing after the value, found 'x' at position 3"],
    ['\ufeff1', 0, '\ufeff', 'expected a value, found U+FEFF at position 0'],
    ['😀', 0, '\ud83d', 'expected a value, found U+D83D at position 0'],
  ])('of %j', (text, position, found, message) => {
    for (const fragments of [[text], text.split('')]) {
      const stream = new JsonStream();
      for (const fragment of fragments) stream.feed(fragment);
      expect(stream.status).toBe('invalid');
      expect(stream.error).toBeInstanceOf(JsonError);
      expect(stream.error).toMatchObject({ name: 'JsonError', position, found, message });
    }
  });

  // biome-ignore format: a table
  it.each([
    ['', 'expected a value, found the end of the text at position 0'],
    ['[', "expected a value or ']', found the end of the text at position 1"],
    ['[12', 'expected the rest of a number, found the end of the text at position 3'],
    ['-', 'expected the rest of a number, found the end of the text at position 1'],
    ['tru', 'expected the rest of a literal, found the end of the text at position 3'],
    ['{"a":"b', 'expected the closing quote of a string, found the end of the text at position 7'],
    ['{"a', 'expected the closing quote of a string, found the end of the text at position 3'],
    ['"\\u1', 'expected four hex digits after \\u, found the end of the text at position 4'],
    ['{"a":1', 'expected the rest of a number, found the end of the text at position 6'],
    ['{"a":1 ', "expected ',' or '}', found the end of the text at position 7"],
  ])('after end() of %j, which is cut', (text, message) => {
    const stream = new JsonStream();
    stream.feed(text);
    expect(stream.error).toBeUndefined();
    stream.end();
    expect(stream.error).toMatchObject({ message, position: text.length, found: undefined });
  });
});

describe('misuse', () => {
  it('refuses a fragment after end()', () => {
    const stream = new JsonStream();
    stream.end();
    expect(() => stream.feed('1')).toThrow('feed() after end()');
  });
});
