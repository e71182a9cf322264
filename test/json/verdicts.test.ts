import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { JsonStream } from '../../src/json/json-stream.js';
import { byTier } from '../support/tier.js';
import { cut, cuts, documents } from './documents.js';
import { expectSame } from './same.js';
import { soFar } from './so-far.js';
import { ACCEPTED, REJECTED } from './verdicts.js';

const WHOLE = [1_000_000];
const BY_THREE = [3];
const BY_CHARACTER = [1];

describe('the verdict', () => {
  it('has tables worth the name', () => {
    expect(new Set(ACCEPTED).size).toBeGreaterThan(100);
    expect(new Set(REJECTED).size).toBeGreaterThan(250);
  });

  it.each(ACCEPTED)('is complete on %j, with the value of JSON.parse', (text) => {
    const value = JSON.parse(text);
    for (const lengths of [WHOLE, BY_THREE, BY_CHARACTER]) {
      const stream = read(text, lengths);
      expect(stream.status).toBe('complete');
      expect(stream.error).toBeUndefined();
      expectSame(stream.value, value, text);
    }
  });

  it.each(REJECTED)('is not complete on %j, which JSON.parse rejects', (text) => {
    expect(() => JSON.parse(text)).toThrow(SyntaxError);
    const [whole, ...others] = [WHOLE, BY_THREE, BY_CHARACTER].map((lengths) => {
      const { status, error, value } = read(text, lengths);
      return { status, error: error?.message, value };
    });
    expect(whole?.status).not.toBe('complete');
    expect(whole?.error).toMatch(/^expected .+, found .+ at position \d+$/);
    for (const other of others) expect(other).toStrictEqual(whole);
  });

  it('is that of JSON.parse on documents with one thing wrong, and the value stays', () => {
    const wrong = fc.constantFrom(...'[]{},:"\\ 01-+.eEtn/\n\u0000\ufeff', '', '1', 'null', '""');
    fc.assert(
      fc.property(
        documents,
        fc.nat(),
        fc.nat(3),
        wrong,
        cuts,
        (document, seed, less, more, lengths) => {
          const at = seed % (document.text.length + 1);
          const text = document.text.slice(0, at) + more + document.text.slice(at + less);
          const stream = read(text, lengths);
          expect(stream.status === 'complete', text).toBe(isJson(text));
          expect(stream.error === undefined).toBe(stream.status === 'complete');
          if (stream.status === 'complete') expectSame(stream.value, JSON.parse(text), text);
          else expectSame(stream.value, soFar(text.slice(0, stream.error?.position)), text);
        },
      ),
      { seed: 4, numRuns: byTier({ fast: 1_000, exhaustive: 5_000 }) },
    );
  });

  it('says invalid at the first character that no document could have there', () => {
    fc.assert(
      fc.property(documents, cuts, fc.nat(), ({ text }, lengths, seed) => {
        const end = seed % text.length;
        const stream = new JsonStream();
        for (const fragment of cut(text.slice(0, end), lengths)) stream.feed(fragment);
        expect(stream.status).not.toBe('invalid');
        stream.feed('\u0001');
        expect(stream.status).toBe('invalid');
        expect(stream.error).toMatchObject({ position: end, found: '\u0001' });
      }),
      { seed: 5, numRuns: byTier({ fast: 300, exhaustive: 1_000 }) },
    );
  });
});

function read(text: string, lengths: readonly number[]): JsonStream {
  const stream = new JsonStream();
  for (const fragment of cut(text, lengths)) stream.feed(fragment);
  stream.end();
  return stream;
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
