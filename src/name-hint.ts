/**
 * What follows an unknown name in an error message: the nearest known one, or all of them.
 * @param kind what they name, in the plural.
 */
export function nameHint(name: string, known: readonly string[], kind: string): string {
  const near = nearestName(name, known);
  return near ? `; did you mean '${near}'?` : `: the ${kind} are ${known.join(', ')}`;
}

/** The known name that is most like a misspelled one; undefined where none is like it. */
function nearestName(name: string, known: readonly string[]): string | undefined {
  // At most half of the longer name may differ, so `headers` is like `defaultHeaders`.
  let least = 0.5;
  let nearest: string | undefined;
  for (const candidate of known) {
    const share = distance(name.toLowerCase(), candidate.toLowerCase());
    if (share > least || (share === least && nearest !== undefined)) continue;
    least = share;
    nearest = candidate;
  }
  return nearest;
}

/**
 * How much of the longer name differs: what is between the start and the end that both share. That is an
 * edit distance for one place that is misspelled, in a tenth of the code.
 */
function distance(a: string, b: string): number {
  const most = Math.min(a.length, b.length);
  let same = 0;
  while (same < most && a[same] === b[same]) same++;
  const start = same;
  while (same < most && a.at(start - same - 1) === b.at(start - same - 1)) same++;
  return 1 - same / Math.max(a.length, b.length);
}
