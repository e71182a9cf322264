import { StreamProtocolError } from '../errors.js';
import type { BlockDraft } from './block-draft.js';
import { DELTAS, type DeltaKind, type Join } from './kinds.js';
import type { UntypedDelta } from './untyped.js';

/**
 * Adds a delta to its block. A delta of an unknown kind changes nothing and is kept.
 * @throws StreamProtocolError when a known delta lacks its text.
 */
export function applyDelta(draft: BlockDraft, delta: UntypedDelta): void {
  const kind = DELTAS.get(delta.type);
  if (kind === undefined) draft.keepUnknown(delta);
  else joins[kind.join](draft, delta, kind);
}

/** WIRE, "How the message accumulates". */
const joins: Readonly<
  Record<Join, (draft: BlockDraft, delta: UntypedDelta, kind: DeltaKind) => void>
> = {
  append: (draft, delta, kind) => draft.addText(kind.fills, textIn(draft, delta, kind)),
  json: (draft, delta, kind) => draft.addJson(textIn(draft, delta, kind)),
  push: (draft, delta, { brings, fills }) => draft.addItem(fills, delta[brings]),
  replace: (draft, delta, kind) => {
    const { brings, fills, isNullable, also = [] } = kind;
    const value = isNullable ? delta[brings] : textIn(draft, delta, kind);
    const block = draft.edit();
    block[fills] = value;
    for (const field of also) if (field in delta) block[field] = delta[field];
  },
};

function textIn({ index }: BlockDraft, delta: UntypedDelta, { brings }: DeltaKind): string {
  const value = delta[brings];
  if (typeof value === 'string') return value;
  throw new StreamProtocolError(
    `the ${brings} of block ${index} is not a string: ${JSON.stringify(value)?.slice(0, 200)}`,
  );
}
