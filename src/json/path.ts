/** Where a value stands: the keys and indices from the root down; `[]` is the root itself. */
export type JsonPath = readonly (string | number)[];

/** In a pattern: any key, or any index. */
export const ANY: unique symbol = Symbol('any');

/** The segments to be met on the way down; indices as strings, since `a.0` may mean either. */
export type Pattern = readonly (string | typeof ANY)[];

/** The pattern that only this path meets. A text is split at its dots; '' is the root. */
export function exactly(path: string | JsonPath): readonly string[] {
  if (typeof path === 'string') return path === '' ? [] : path.split('.');
  return path.map(String);
}

/** As `exactly`, but a segment `*` of a text stands for any; in a list it is the key '*'. */
export function toPattern(pattern: string | JsonPath): Pattern {
  const segments = exactly(pattern);
  if (typeof pattern !== 'string') return segments;
  return segments.map((segment) => (segment === '*' ? ANY : segment));
}

/** Whether a key or an index meets one segment of a pattern. */
export function meets(key: string | number, segment: string | typeof ANY | undefined): boolean {
  return segment === ANY || segment === String(key);
}
