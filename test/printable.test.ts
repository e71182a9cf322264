import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { toPrintable } from '../src/printable.js';

describe('toPrintable', () => {
  it.each([
    ['line feeds and tabs', 'a\n\tb', 'a\n\tb'],
    ['line ends of two characters', 'a\r\nb', 'a\nb'],
    ['a carriage return that would overwrite', 'a\rb', 'a\ufffdb'],
    ['an escape code', 'a\u001b[2Jb', 'a\ufffd[2Jb'],
    ['an escape code of a single character', '\u009b2J\u0007', '\ufffd2J\ufffd'],
    ['a device control string', '\u001bP1$r\u001b\\', '\ufffdP1$r\ufffd\\'],
    ['a backspace and DEL', 'a\b\u007f', 'a\ufffd\ufffd'],
    ['a change of direction', '\u202eexe.txt\u2069', '\ufffdexe.txt\ufffd'],
    ['marks of a direction', '\u200e\u200f\u061c', '\ufffd\ufffd\ufffd'],
    ['other line ends', 'a\u2028b\u2029c\u0085d', 'a\ufffdb\ufffdc\ufffdd'],
    ['invisible format characters', '\ufeffa\u206e\ufff9', '\ufffda\ufffd\ufffd'],
    ['every writing', 'Grüße 你好 שלום 👩‍👩‍👧 क्षि', 'Grüße 你好 שלום 👩‍👩‍👧 क्षि'],
  ])('shows %s', (_, text, shown) => {
    expect(toPrintable(text)).toBe(shown);
  });

  it('replaces with what a function returns', () => {
    const toHex = (character: string): string => `<${character.charCodeAt(0).toString(16)}>`;
    expect(toPrintable('a\u001b\u202e', toHex)).toBe('a<1b><202e>');
    expect(toPrintable('a\u001b', '$&')).toBe('a$&');
  });

  it('leaves nothing that a terminal would obey, whatever the text', () => {
    const unsafe = fc.oneof(
      fc.integer({ min: 0, max: 0x9f }),
      fc.integer({ min: 0x2000, max: 0x206f }),
      fc.integer({ min: 0, max: 0xffff }),
    );
    const codes = fc.array(unsafe, { maxLength: 20 });
    fc.assert(
      fc.property(codes, (units) => {
        const shown = toPrintable(String.fromCharCode(...units));
        expect(shown).not.toMatch(/[^\n\t\P{Cc}]|[\p{Bidi_Control}\u2028\u2029\ufeff]/u);
      }),
    );
  });
});
