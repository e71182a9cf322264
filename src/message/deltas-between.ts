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
  return [...DELTAS.values()].flatMap((kind) => added[kind.join](kind, start, block, json));
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

/** What is no string stays as it is: MessageDraft refuses it, since it may be content. */
function rest(before: unknown, now: unknown): unknown {
  if (typeof now !== 'string') return now ?? '';
  return typeof before === 'string' ? now.slice(before.length) : now;
}

function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}
