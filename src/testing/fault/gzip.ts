import { isSent, type Step } from '../model/step.js';
import type { Answer } from '../script/answer-reply.js';

/*
 * Gzip (RFC 1952) of stored blocks (RFC 1951, 3.2.4): what a client must undo is all there, and each
 * chunk can be read as soon as it comes. CompressionStream would hold events back, and its bytes
 * differ between runtimes.
 */

/** Deflate, no name, no time, unknown system. */
const HEAD = Uint8Array.of(0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255);

/** An empty final block. */
const LAST_BLOCK = Uint8Array.of(1, 0, 0, 0xff, 0xff);

const MOST_IN_A_BLOCK = 0xffff;

/** An answer that is compressed on the wire. A fetch shows what it was. */
export function gzipped(answer: Answer): Answer {
  const plain = answer.steps as Iterable<Step>;
  return {
    ...answer,
    headers: { ...answer.headers, 'content-encoding': 'gzip' },
    steps: encoded(plain),
    plain,
  };
}

function* encoded(steps: Iterable<Step>): Generator<Step, void, undefined> {
  let crc = 0xffffffff;
  let length = 0;
  yield { bytes: HEAD };
  for (const step of steps) {
    if (!isSent(step)) {
      yield step;
      if ('end' in step) return;
      continue;
    }
    crc = crc32(crc, step.bytes);
    length += step.bytes.length;
    yield { ...step, bytes: stored(step.bytes) };
  }
  const trailer = new DataView(new ArrayBuffer(8));
  trailer.setUint32(0, ~crc >>> 0, true);
  trailer.setUint32(4, length >>> 0, true);
  yield { bytes: LAST_BLOCK };
  yield { bytes: new Uint8Array(trailer.buffer) };
}

function stored(bytes: Uint8Array): Uint8Array {
  const blocks: number[] = [];
  for (let at = 0; at < bytes.length; at += MOST_IN_A_BLOCK) {
    const block = bytes.subarray(at, at + MOST_IN_A_BLOCK);
    const [low, high] = [block.length & 0xff, block.length >> 8];
    blocks.push(0, low, high, ~low & 0xff, ~high & 0xff, ...block);
  }
  return Uint8Array.from(blocks);
}

const TABLE = Uint32Array.from({ length: 256 }, (_, byte) => {
  let value = byte;
  for (let bit = 0; bit < 8; bit++) value = value & 1 ? 0xedb88320 ^ (value >>> 1) : value >>> 1;
  return value;
});

function crc32(start: number, bytes: Uint8Array): number {
  let crc = start;
  for (const byte of bytes) crc = (TABLE[(crc ^ byte) & 0xff] ?? 0) ^ (crc >>> 8);
  return crc;
}
