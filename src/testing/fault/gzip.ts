import type { Answer } from '../model/answer.js';
import { isBytes, type Step } from '../model/step.js';

/*
 * Gzip (RFC 1952) with stored blocks (RFC 1951, 3.2.4): a client must decode it, and can read each
 * chunk as soon as it arrives. CompressionStream would delay events, and its bytes differ between
 * runtimes.
 */

/** Deflate, no name, no time, unknown system. */
const HEAD = Uint8Array.of(0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255);

/** An empty final block. */
const LAST_BLOCK = Uint8Array.of(1, 0, 0, 0xff, 0xff);

const MAX_BLOCK_BYTES = 0xffff;

/** An answer that is compressed on the wire. A fetch shows the decoded body. */
export function gzipAnswer(answer: Answer): Answer {
  const plain = answer.steps as Iterable<Step>;
  return {
    ...answer,
    headers: { ...answer.headers, 'content-encoding': 'gzip' },
    steps: encodeSteps(plain),
    plain,
  };
}

function* encodeSteps(steps: Iterable<Step>): Generator<Step, void, undefined> {
  let crc = 0xffffffff;
  let length = 0;
  yield { bytes: HEAD };
  for (const step of steps) {
    if (!isBytes(step)) {
      yield step;
      if ('end' in step) return;
      continue;
    }
    crc = crc32(crc, step.bytes);
    length += step.bytes.length;
    yield { ...step, bytes: toStoredBlocks(step.bytes) };
  }
  const trailer = new DataView(new ArrayBuffer(8));
  trailer.setUint32(0, ~crc >>> 0, true);
  trailer.setUint32(4, length >>> 0, true);
  yield { bytes: LAST_BLOCK };
  yield { bytes: new Uint8Array(trailer.buffer) };
}

function toStoredBlocks(bytes: Uint8Array): Uint8Array {
  const blocks: number[] = [];
  for (let at = 0; at < bytes.length; at += MAX_BLOCK_BYTES) {
    const block = bytes.subarray(at, at + MAX_BLOCK_BYTES);
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
