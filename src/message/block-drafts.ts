import { StreamProtocolError } from '../errors.js';
import { BlockDraft } from './block-draft.js';
import type { UntypedBlock, UntypedEvent } from './untyped.js';

/** More fields than a block will ever have: each look at a block that changed copies them. */
const MOST_FIELDS = 1_000;

/** The blocks of a message in the making. A block's place is its `index`, not its arrival. */
export class BlockDrafts {
  readonly #byIndex = new Map<number, BlockDraft>();
  /** By index, without those that arrived out of order since the last look. */
  readonly #ordered: BlockDraft[] = [];
  #misplaced: BlockDraft[] = [];
  /** The blocks as they were handed out, by place; those of the changed drafts are out of date. */
  #content: UntypedBlock[] = [];
  #changed: BlockDraft[] = [];
  /** The one most deltas are for. */
  #latest: BlockDraft | undefined;

  get size(): number {
    return this.#byIndex.size;
  }

  /** In the order of arrival. */
  values(): Iterable<BlockDraft> {
    return this.#byIndex.values();
  }

  get(index: number): BlockDraft | undefined {
    return this.#byIndex.get(index);
  }

  /** A new array: what it costs is a copy of the references, and a look at each changed block. */
  content(): UntypedBlock[] {
    this.#sort();
    for (const draft of this.#changed) {
      draft.isChanged = false;
      // Otherwise it was discarded.
      const place = this.#placeOf(draft.index);
      if (this.#ordered[place] === draft) this.#content[place] = draft.handOut();
    }
    this.#changed = [];
    return this.#content.slice();
  }

  /**
   * The place of the first block that is not finished. Undefined where all are; null where the blocks
   * that came leave gaps, so that places are not known yet.
   */
  get openPlace(): number | undefined | null {
    this.#sort();
    if (this.#ordered.some(({ index }, place) => index !== place)) return null;
    const place = this.#ordered.findIndex(({ stopped }) => !stopped);
    return place === -1 ? undefined : place;
  }

  /** Forgets the blocks from an index on. @returns them as they are now. */
  discardFrom(index: number): UntypedBlock[] {
    this.#sort();
    this.#latest = undefined;
    const discarded: UntypedBlock[] = [];
    for (
      let last = this.#ordered.at(-1);
      last && last.index >= index;
      last = this.#ordered.at(-1)
    ) {
      this.#ordered.pop();
      this.#byIndex.delete(last.index);
      discarded.push(last.handOut());
    }
    if (this.#content.length > this.size) this.#content.length = this.size;
    return discarded.reverse();
  }

  start(event: UntypedEvent): UntypedBlock {
    const block = event.content_block as UntypedBlock | null | undefined;
    const index = event.index as number;
    if (typeof block?.type !== 'string') {
      throw new StreamProtocolError(
        `a content_block_start for index ${JSON.stringify(index)} without a content_block`,
      );
    }
    if (!Number.isSafeInteger(index) || index < 0) {
      throw new StreamProtocolError(
        `a content_block_start whose index is ${JSON.stringify(index)}`,
      );
    }
    if (Object.keys(block).length > MOST_FIELDS) {
      throw new StreamProtocolError(
        `a content_block_start for index ${index} with more than ${MOST_FIELDS} fields`,
      );
    }
    if (this.#byIndex.has(index)) {
      throw new StreamProtocolError(`a second content_block_start for index ${index}`);
    }
    this.#add(new BlockDraft(index, block, event));
    return block;
  }

  /** The block that a delta or a stop is for, to be changed. */
  open(event: UntypedEvent): BlockDraft {
    const draft =
      this.#latest?.index === event.index ? this.#latest : this.#byIndex.get(event.index as number);
    if (draft !== undefined && !draft.stopped) {
      if (!draft.isChanged) this.#change(draft);
      if (draft !== this.#latest) this.#latest = draft;
      return draft;
    }
    const problem = draft === undefined ? 'was never started' : 'has stopped';
    throw new StreamProtocolError(
      `a ${event.type} for index ${JSON.stringify(event.index)}, which ${problem}`,
    );
  }

  #change(draft: BlockDraft): void {
    draft.isChanged = true;
    this.#changed.push(draft);
  }

  #add(draft: BlockDraft): void {
    const last = this.#ordered.at(-1);
    const isInOrder = last === undefined || last.index < draft.index;
    (isInOrder ? this.#ordered : this.#misplaced).push(draft);
    this.#byIndex.set(draft.index, draft);
    this.#latest = draft;
    this.#changed.push(draft);
  }

  /** Put off until the order matters: a sort for each block that arrives out of order would add up. */
  #sort(): void {
    const misplaced = this.#misplaced;
    if (misplaced.length === 0) return;
    this.#misplaced = [];
    if (misplaced.length <= FEW) {
      for (const draft of misplaced) this.#insert(draft);
      return;
    }
    for (const draft of misplaced) this.#ordered.push(draft);
    this.#ordered.sort((a, b) => a.index - b.index);
    for (const draft of this.#ordered) draft.isChanged = true;
    this.#content = [];
    this.#changed = this.#ordered.slice();
  }

  /** Where there is a look after each block, sorting all of them each time would add up too. */
  #insert(draft: BlockDraft): void {
    const place = this.#placeOf(draft.index);
    this.#ordered.splice(place, 0, draft);
    // Its own block takes this place in the same look: it has changed.
    if (place < this.#content.length) this.#content.splice(place, 0, draft.handOut());
  }

  /** The place of the first block whose index is not below this one. */
  #placeOf(index: number): number {
    const ordered = this.#ordered;
    let from = 0;
    let to = ordered.length;
    while (from < to) {
      const middle = (from + to) >>> 1;
      if ((ordered[middle] as BlockDraft).index < index) from = middle + 1;
      else to = middle;
    }
    return from;
  }
}

/** So many blocks out of order are inserted one by one. */
const FEW = 16;
