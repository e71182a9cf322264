import type { DELTA_ROWS } from '../message/kinds.js';
import type { BetaContentBlockDelta } from '../wire/beta.js';

/** A listener for each kind of delta that names one: it gets what the delta brings, and all of it so far. */
export type DeltaListeners = {
  [R in Row as R extends { listener: infer Name extends string } ? Name : never]: DeltaListener<R>;
};

type Row = (typeof DELTA_ROWS)[number];

type DeltaListener<R extends Row> = {
  append: (delta: Brought<R>, snapshot: Brought<R>) => void;
  json: (delta: Brought<R>, snapshot: unknown) => void;
  push: (item: Brought<R>, items: Brought<R>[]) => void;
  replace: (value: Brought<R>) => void;
}[R['join']];

type Brought<R extends Row> =
  Extract<BetaContentBlockDelta, { type: R['type'] }> extends infer Delta
    ? Delta[R['brings'] & keyof Delta]
    : never;
