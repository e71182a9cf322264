import { expect, it } from 'vitest';
import { bytesOf, inPieces } from '../support/chunks.js';
import { decode } from './decode.js';

const typedArray = Object.getPrototypeOf(Uint8Array.prototype);

/** How many bytes and characters are touched while something runs. Counted, because clocks lie. */
function workOf(run: () => void): {
  copied: number;
  decoded: number;
  scanned: number;
  counted: number;
} {
  const work = { copied: 0, decoded: 0, scanned: 0, counted: 0 };
  const restore = [
    count(typedArray, 'set', (_, [source]) => {
      work.copied += (source as Uint8Array).length;
    }),
    count(TextDecoder.prototype, 'decode', (_, [bytes]) => {
      work.decoded += (bytes as Uint8Array).length;
    }),
    count(typedArray, 'lastIndexOf', (bytes) => {
      work.scanned += (bytes as Uint8Array).length;
    }),
    count(String.prototype, 'indexOf', (text, [, from]) => {
      work.scanned += (text as string).length - ((from as number | undefined) ?? 0);
    }),
    count(TextEncoder.prototype, 'encode', (_, [text]) => {
      work.counted += (text as string).length;
    }),
  ];
  try {
    run();
  } finally {
    for (const undo of restore) undo();
  }
  return work;
}

function count(
  target: object,
  name: string,
  tell: (self: unknown, args: unknown[]) => void,
): () => void {
  const methods = target as Record<string, (...args: unknown[]) => unknown>;
  const original = methods[name] as (...args: unknown[]) => unknown;
  methods[name] = function (this: unknown, ...args) {
    tell(this, args);
    return original.apply(this, args);
  };
  return () => {
    methods[name] = original;
  };
}

it.each([1, 8])(
  'a line of %i MB in pieces of 1 KB: each byte is touched a few times',
  (megabytes) => {
    const data = 'x'.repeat(megabytes * 1_000_000);
    const chunks = inPieces(bytesOf(`data: ${data}\n\n`), [1_000]);
    const bytes = data.length + 8;
    let events: ReturnType<typeof decode> = [];
    const work = workOf(() => {
      events = decode(chunks);
    });
    expect(events).toEqual([{ event: '', data }]);
    expect(work.copied).toBeGreaterThanOrEqual(data.length);
    expect(work.copied).toBeLessThanOrEqual(bytes);
    expect(work.decoded).toBe(bytes);
    // Once for each kind of line end, once more for the lines of the text, once for the colon.
    expect(work.scanned).toBeLessThanOrEqual(4 * bytes);
  },
);

it('small events in big chunks: the same', () => {
  const text = 'event: ping\ndata: {"type": "ping"}\n\n'.repeat(20_000);
  const bytes = bytesOf(text);
  let seen = 0;
  const work = workOf(() => {
    seen = decode(inPieces(bytes, [16_384])).length;
  });
  expect(seen).toBe(20_000);
  // An event that a chunk cuts is joined to its rest: at most one line a chunk.
  expect(work.copied).toBeLessThanOrEqual(2 * bytes.length);
  expect(work.decoded).toBe(bytes.length);
});

it('an event of many lines, near the limit: its characters are counted a few times', () => {
  const text = 'data: 語語語語語語語語\n'.repeat(20_000);
  const bytes = bytesOf(text);
  let seen: ReturnType<typeof decode> = [];
  const work = workOf(() => {
    seen = decode(inPieces(bytes, [1_000]), bytes.length);
  });
  expect(seen.map(({ data }) => data.length)).toEqual([20_000 * 9 - 1]);
  expect(work.counted).toBeGreaterThan(text.length / 2);
  expect(work.counted).toBeLessThanOrEqual(3 * text.length);
});
