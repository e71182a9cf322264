import { existsSync, readdirSync, readFileSync } from 'node:fs';

/** One message of a recording: from `message_start` to `message_stop`. */
export interface Span {
  name: string;
  /** The data payloads, in wire order, as the API sent them. */
  payloads: string[];
  /** What they must accumulate to; undefined where they are not a valid message. */
  message: unknown;
}

const FOLDER = new URL('../../../shared/recordings/', import.meta.url);

/** Recorded streams of the API; empty, with a notice, where the folder is not there. */
export function recordings(): Span[] {
  if (!existsSync(FOLDER)) {
    process.stderr.write('skipped: there is no ../shared/recordings\n');
    return [];
  }
  return readdirSync(FOLDER)
    .filter((file) => file.endsWith('.jsonl'))
    .flatMap((file) => spansOf(file.slice(0, -'.jsonl'.length)));
}

/** The payloads as the API puts them on the wire. */
export function onTheWire(payloads: readonly string[], lineEnd = '\n'): string {
  return payloads
    .map((data) => {
      const { type } = JSON.parse(data) as { type: string };
      return `event: ${type}${lineEnd}data: ${data}${lineEnd}${lineEnd}`;
    })
    .join('');
}

/** Bytes in pieces of a size. */
export function inPieces(bytes: Uint8Array, size: number): Uint8Array[] {
  const pieces: Uint8Array[] = [];
  for (let at = 0; at < bytes.length; at += size) pieces.push(bytes.subarray(at, at + size));
  return pieces;
}

function spansOf(name: string): Span[] {
  const read = (end: string): string => readFileSync(new URL(name + end, FOLDER), 'utf8');
  const expected = JSON.parse(read('.expected.json')) as { error?: string }[];
  const spans: string[][] = [[]];
  for (const payload of read('.jsonl').split('\n').filter(Boolean)) {
    spans.at(-1)?.push(payload);
    if (JSON.parse(payload).type === 'message_stop') spans.push([]);
  }
  const whole = spans.filter((payloads) => payloads.length > 0);
  if (whole.length !== expected.length) {
    throw new Error(`${name} has ${whole.length} messages, but ${expected.length} are expected`);
  }
  return whole.map((payloads, i) => ({
    name: `${name} ${i}`,
    payloads,
    message: expected[i]?.error === undefined ? expected[i] : undefined,
  }));
}
