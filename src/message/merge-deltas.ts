import { DELTAS, type DeltaKind, type Join } from './kinds.js';
import type { UntypedBlock, UntypedDelta } from './untyped.js';

/**
 * The fewest deltas that lead from a block's start to what it is now: one of each kind, and one for
 * each item of a list, which is how the API sends them.
 * @param json the raw JSON of a tool's input, where deltas brought any.
 */
export function deltasBetween(
  start: UntypedBlock,
  block: UntypedBlock,
  json?: string,
): UntypedDelta[] {
  const deltas: UntypedDelta[] = [];
  for (const kind of DELTAS.values()) deltas.push(...added[kind.join](kind, start, block, json));
  return deltas;
}

type Added = (
  kind: DeltaKind,
  start: UntypedBlock,
  block: UntypedBlock,
  json?: string,
) => UntypedDelta[];

const added: Readonly<Record<Join, Added>> = {
  append: ({ type, brings, fills }, start, block) => {
    const text = rest(start[fills], block[fills]);
    return text === '' ? [] : [{ type, [brings]: text }];
  },
  json: ({ type, brings }, _start, _block, json) =>
    json === undefined ? [] : [{ type, [brings]: json }],
  push: ({ type, brings, fills }, start, block) =>
    list(block[fills])
      .slice(list(start[fills]).length)
      .map((item) => ({ type, [brings]: item })),
  replace: ({ type, brings, fills, isNullable, also = [] }, start, block) => {
    const isChanged = [fills, ...also].some((field) => block[field] !== start[field]);
    if (!isChanged || !(isNullable || typeof block[fills] === 'string')) return [];
    const more = also.filter((field) => block[field] !== undefined);
    return [
      {
        type,
        [brings]: block[fills],
        ...Object.fromEntries(more.map((field) => [field, block[field]])),
      },
    ];
  },
};

/**
 * Two deltas of one kind for one block as one that does what both do; undefined where they stay apart.
 */
export function mergeDeltas(earlier: UntypedDelta, later: UntypedDelta): UntypedDelta | undefined {
  const kind = DELTAS.get(later.type);
  return kind && merges[kind.join]?.(kind, earlier, later);
}

/** Whether deltas of a type can be merged. */
export function isMergeable(type: string): boolean {
  const kind = DELTAS.get(type);
  return kind !== undefined && merges[kind.join] !== undefined;
}

type Merge = (kind: DeltaKind, earlier: UntypedDelta, later: UntypedDelta) => UntypedDelta;

const concatenate: Merge = ({ brings }, earlier, later) => ({
  ...earlier,
  ...later,
  [brings]: `${earlier[brings]}${later[brings]}`,
});

const merges: Readonly<Partial<Record<Join, Merge>>> = {
  append: concatenate,
  json: concatenate,
  replace: (_, earlier, later) => ({ ...earlier, ...later }),
};

function rest(before: unknown, now: unknown): string {
  if (typeof now !== 'string') return '';
  return typeof before === 'string' ? now.slice(before.length) : now;
}

function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}
