import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { splitText } from '../../src/testing/script/to-message-events.js';

const LONE = /(?<![\ud800-\udbff])[\udc00-\udfff]|[\ud800-\udbff](?![\udc00-\udfff])/;

const CASES: [text: string, pieces: string[]][] = [
  ['', []],
  ['Hello', ['Hello']],
  ['Hello, big world', ['Hello,', ' big', ' world']],
  ['  indented\n\n\tlines ', ['  indented', '\n\n\tlines', ' ']],
  ['Donaudampfschifffahrt', ['Donaudampfsc', 'hifffahrt']],
  ['🌍'.repeat(13), ['🌍'.repeat(12), '🌍']],
];

it.each(CASES)('splits %j', (text, pieces) => {
  expect([...splitText(text)]).toEqual(pieces);
});

it('loses nothing and splits no character of any text', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 200 }), (text) => {
      const pieces = [...splitText(text)];
      expect(pieces.join('')).toBe(text);
      expect(pieces.filter((piece) => piece === '' || LONE.test(piece))).toEqual([]);
      expect(pieces.filter((piece) => [...piece.trim()].length > 12)).toEqual([]);
    }),
  );
});
