import { StreamProtocolError } from '../errors.js';
import { BlockDraft } from './block-draft.js';
import type { UntypedBlock, UntypedEvent } from './untyped.js';

/** The blocks of a message in the making. A block's place is its `index`, not its arrival. */
export class BlockDrafts {
  readonly #byIndex = new Map<number, BlockDraft>();
  readonly #ordered: BlockDraft[] = [];
  /** The first blocks in order, as far as they are finished: as they were handed out. */
  #finished: UntypedBlock[] = [];
  /** The one most deltas are for. */
  #latest: BlockDraft | undefined;

  get size(): number {
    return this.#ordered.length;
  }

  /** In the order of arrival. */
  values(): Iterable<BlockDraft> {
    return this.#byIndex.values();
  }

  get(index: number): BlockDraft | undefined {
    return this.#byIndex.get(index);
  }

  /** A new array: what it costs is a copy of the finished ones, and a look at each of the others. */
  content(): UntypedBlock[] {
    const finished = this.#finished;
    const open = this.#ordered.slice(finished.length);
    while (open[0]?.stopped) finished.push(handOut(open.shift() as BlockDraft));
    return finished.concat(open.map(handOut));
  }

  /**
   * The place of the first block that is not finished. Undefined where all are; null where the blocks
   * that came leave gaps, so that places are not known yet.
   */
  get openPlace(): number | undefined | null {
    if (this.#ordered.some(({ index }, place) => index !== place)) return null;
    const place = this.#ordered.findIndex(({ stopped }) => !stopped);
    return place === -1 ? undefined : place;
  }

  /** Forgets the blocks from an index on. */
  discardFrom(index: number): void {
    this.#latest = undefined;
    this.#finished = [];
    const kept = this.#ordered.filter((draft) => draft.index < index);
    for (const draft of this.#ordered.splice(kept.length)) this.#byIndex.delete(draft.index);
  }

  /** Takes in the blocks of a message that came whole, as after a programmatic tool call. */
  seed(content: readonly UntypedBlock[]): void {
    for (const [index, block] of content.entries()) {
      if (typeof block?.type !== 'string') {
        throw new StreamProtocolError(`a message_start whose content.${index} is no block`);
      }
      this.#add(new BlockDraft(index, block)).stopped = true;
    }
  }

  start(event: UntypedEvent): UntypedBlock {
    const block = event.content_block as UntypedBlock | null | undefined;
    const index = event.index as number;
    if (typeof block?.type !== 'string') {
      throw new StreamProtocolError(
        `a content_block_start for index ${index} without a content_block`,
      );
    }
    if (!Number.isSafeInteger(index) || index < 0) {
      throw new StreamProtocolError(
        `a content_block_start whose index is ${JSON.stringify(index)}`,
      );
    }
    if (this.#byIndex.has(index)) {
      throw new StreamProtocolError(`a second content_block_start for index ${index}`);
    }
    this.#add(new BlockDraft(index, block, event));
    return block;
  }

  /** The block that a delta or a stop is for. */
  open(event: UntypedEvent): BlockDraft {
    const draft =
      this.#latest?.index === event.index ? this.#latest : this.#byIndex.get(event.index as number);
    if (draft !== undefined && !draft.stopped) return draft;
    const problem = draft === undefined ? 'was never started' : 'has stopped';
    throw new StreamProtocolError(
      `a ${event.type} for index ${JSON.stringify(event.index)}, which ${problem}`,
    );
  }

  #add(draft: BlockDraft): BlockDraft {
    const last = this.#ordered.at(-1);
    this.#byIndex.set(draft.index, draft);
    this.#latest = draft;
    this.#ordered.push(draft);
    if (last !== undefined && last.index > draft.index) {
      this.#finished = [];
      this.#ordered.sort((a, b) => a.index - b.index);
    }
    return draft;
  }
}

const handOut = (draft: BlockDraft): UntypedBlock => draft.handOut();
