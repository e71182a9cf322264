import { StreamProtocolError } from '../errors.js';
import type { BlockDraft } from './block-draft.js';
import { DELTAS, type DeltaKind, type Join } from './kinds.js';
import type { UntypedDelta } from './untyped.js';

/**
 * Adds a delta to its block. A delta of an unknown kind changes nothing and is kept.
 * @throws StreamProtocolError when a known delta lacks its text.
 */
export function applyDelta(draft: BlockDraft, delta: UntypedDelta): void {
  // One after the other they are of one kind: comparing two names costs less than to look one up.
  if (latest?.type !== delta.type) latest = DELTAS.get(delta.type);
  const kind = latest;
  if (kind === undefined) draft.keepUnknown(delta);
  else if (kind.join === 'append') draft.addText(kind.fills, textIn(draft, delta, kind));
  else joins[kind.join](draft, delta, kind);
}

let latest: DeltaKind | undefined;

/** WIRE, "How the message accumulates". */
const joins: Readonly<
  Record<Exclude<Join, 'append'>, (draft: BlockDraft, delta: UntypedDelta, kind: DeltaKind) => void>
> = {
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
