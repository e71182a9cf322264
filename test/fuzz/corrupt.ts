import type { Random } from './random.mjs';

/** Some bytes, damaged in one to three places. */
export function corrupt(bytes: Buffer, others: readonly Buffer[], random: Random): Buffer {
  let damaged = bytes;
  for (let times = 1 + random.upTo(2); times > 0; times--) {
    damaged = random.of(DAMAGES)(damaged, random, others);
  }
  return damaged;
}

/** In pieces of any size; a third of the time in one. */
export function inChunks(bytes: Buffer, random: Random): Buffer[] {
  if (random.chance(1 / 3)) return [bytes];
  const most = random.of([3, 40, 700]);
  const chunks: Buffer[] = [];
  for (let at = 0; at < bytes.length; ) {
    const size = random.upTo(most);
    chunks.push(bytes.subarray(at, at + size));
    at += size;
  }
  return chunks;
}

type Damage = (bytes: Buffer, random: Random, others: readonly Buffer[]) => Buffer;

const flip: Damage = (bytes, random) => {
  const flipped = Buffer.from(bytes);
  for (let times = 1 + random.upTo(4); times > 0 && bytes.length > 0; times--) {
    const at = random.upTo(bytes.length - 1);
    flipped[at] = (flipped[at] as number) ^ (1 << random.upTo(7));
  }
  return flipped;
};

const drop: Damage = (bytes, random) => {
  const [from, to] = random.of(RANGES)(bytes, random);
  return Buffer.concat([bytes.subarray(0, from), bytes.subarray(to)]);
};

const duplicate: Damage = (bytes, random) => {
  const [from, to] = random.of(RANGES)(bytes, random);
  return Buffer.concat([bytes.subarray(0, to), bytes.subarray(from)]);
};

/** A piece of another stream in the middle of this one, or in place of its rest. */
const splice: Damage = (bytes, random, others) => {
  const other = random.of(others);
  const [from, to] = random.of(RANGES)(other, random);
  const [at] = random.of(RANGES)(bytes, random);
  const rest = random.chance(0.5) ? bytes.subarray(at) : Buffer.alloc(0);
  return Buffer.concat([bytes.subarray(0, at), other.subarray(from, to), rest]);
};

const truncate: Damage = (bytes, random) => bytes.subarray(0, random.upTo(bytes.length));

const VALUES = /(?<=[:[,])(?:"(?:[^"\\\n]|\\.)*"|\d+|null|\{[^{}\n]*\}|\[[^[\]\n]*\])(?=[,}\]])/g;
const OTHERS = ['null', '0', '-1', '1e999', 'true', '""', '"__proto__"', '[]', '[null]', '{}'];

/** A value in the JSON becomes another one: the decoder and the parser are content with it. */
const replace: Damage = (bytes, random) => {
  const text = bytes.toString();
  const values = [...text.matchAll(VALUES)];
  if (values.length === 0) return bytes;
  const { 0: value, index } = random.of(values);
  const end = text.slice(index + value.length);
  return Buffer.from(text.slice(0, index) + random.of(OTHERS) + end);
};

const DAMAGES: readonly Damage[] = [flip, drop, duplicate, splice, truncate, replace];

type Range = (bytes: Buffer, random: Random) => [from: number, to: number];

/** Anything, a few bytes, or whole events: those pass the decoder and get to the message. */
const RANGES: readonly Range[] = [
  ({ length }, random) => {
    const [a, b] = [random.upTo(length), random.upTo(length)];
    return [Math.min(a, b), Math.max(a, b)];
  },
  ({ length }, random) => {
    const from = random.upTo(length);
    return [from, Math.min(length, from + random.upTo(20))];
  },
  (bytes, random) => {
    const from = eventAt(bytes, random.upTo(bytes.length));
    let to = from;
    for (let times = 1 + random.upTo(2); times > 0; times--) to = eventAt(bytes, to + 1);
    return [from, to];
  },
];

/** Where an event begins, from some place on. */
function eventAt(bytes: Buffer, from: number): number {
  const end = bytes.indexOf('\n\n', from);
  return end === -1 ? bytes.length : end + 2;
}
