import { JoinedText } from '../joined-text.js';
import { DELTAS } from './kinds.js';
import { assign, type UntypedDelta } from './untyped.js';

/** Whether deltas of a type can be merged: those that are pushed to a list stay apart. */
export function isMergeable(type: string): boolean {
  const join = DELTAS.get(type)?.join;
  return join !== undefined && join !== 'push';
}

/** Deltas of one mergeable kind for one block, as one that does what all of them do. */
export class MergedDelta {
  readonly #delta: UntypedDelta;
  /** The field whose strings follow each other, and what they are together. */
  readonly #brings: string | undefined;
  readonly #text = new JoinedText();

  constructor(first: UntypedDelta) {
    const { join, brings } = DELTAS.get(first.type) ?? {};
    this.#delta = { ...first };
    this.#brings = join === 'append' || join === 'json' ? brings : undefined;
    if (this.#brings !== undefined) this.#text.push(first[this.#brings] as string);
  }

  add(later: UntypedDelta): void {
    assign(this.#delta, later);
    if (this.#brings !== undefined) this.#text.push(later[this.#brings] as string);
  }

  get delta(): UntypedDelta {
    return this.#brings === undefined
      ? this.#delta
      : { ...this.#delta, [this.#brings]: this.#text.text };
  }
}
