const LF = 0x0a;
const BACKSLASH = 0x5c;

/**
 * The offsets in a stream of events that differ in kind: the start and the end, both sides of each line
 * end, the middle of each line, all places in a character of several bytes, both sides of each
 * backslash and of what it escapes, and the first place between each two bytes that follow each other.
 * Every offset that is left out lies in a run of text, or between bytes that a seam lies between too.
 */
export function seamsOf(bytes: Uint8Array): readonly number[] {
  const pairs = new Set<number>();
  const middles = middlesOf(bytes);
  const isSeam = (offset: number): boolean => {
    const [before = LF, after = LF] = [bytes[offset - 1], bytes[offset]];
    const pair = before * 256 + after;
    const isNew = !pairs.has(pair);
    pairs.add(pair);
    return (
      isNew ||
      middles.has(offset) ||
      [before, after].some((byte) => byte === LF || byte === BACKSLASH || byte >= 0x80) ||
      bytes[offset - 2] === BACKSLASH
    );
  };
  return Array.from({ length: bytes.length + 1 }, (_, offset) => offset).filter(isSeam);
}

function middlesOf(bytes: Uint8Array): Set<number> {
  const middles = new Set<number>();
  for (
    let from = 0, to = bytes.indexOf(LF);
    to !== -1;
    from = to + 1, to = bytes.indexOf(LF, from)
  ) {
    middles.add((from + to) >> 1);
  }
  return middles;
}
