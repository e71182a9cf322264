import { InputDraft } from './input-draft.js';
import { deltasBetween } from './merge-deltas.js';
import { unfinished } from './tool-input.js';
import type { UntypedBlock, UntypedDelta, UntypedEvent } from './untyped.js';

/**
 * A content block while it arrives. What was handed out is never changed: a hand-out is a copy, made on
 * demand, so n deltas without a look cost no copies.
 */
export class BlockDraft {
  readonly index: number;
  stopped = false;
  readonly #start: UntypedEvent | undefined;
  readonly #startBlock: UntypedBlock;
  /** Deltas of unknown kinds: they don't show in the block, but late readers want them. */
  readonly #unknown: UntypedDelta[] = [];
  #input: InputDraft | undefined;
  #block: UntypedBlock | undefined;
  /** What arrived for a field of text, and was not joined yet. */
  #field = 'text';
  #pieces: string[] = [];
  #handedOut: UntypedBlock | undefined;

  /** @param start the `content_block_start`; undefined for a block that arrived inside `message_start`. */
  constructor(index: number, block: UntypedBlock, start?: UntypedEvent) {
    this.index = index;
    this.#start = start;
    this.#startBlock = block;
    this.#handedOut = start !== undefined && 'input' in block ? undefined : block;
  }

  /** The block, to be changed in place. */
  edit(): UntypedBlock {
    const block = this.#joined();
    this.#handedOut = undefined;
    this.#block ??= copy(block);
    return this.#block;
  }

  /** Adds a piece of text. Pieces are joined on demand: a string for each would be garbage. */
  addText(field: string, piece: string): void {
    if (field !== this.#field) this.#joined();
    this.#field = field;
    this.#pieces.push(piece);
    this.#handedOut = undefined;
  }

  /** The block with everything that arrived. */
  #joined(): UntypedBlock {
    if (this.#pieces.length > 0) {
      const more = this.#pieces.join('');
      this.#pieces = [];
      this.#block ??= copy(this.#startBlock);
      const before = this.#block[this.#field];
      this.#block[this.#field] = typeof before === 'string' ? before + more : more;
    }
    return this.#block ?? this.#startBlock;
  }

  /** Adds a fragment of a tool's input. */
  addJson(fragment: string): void {
    this.edit();
    this.#input ??= new InputDraft(this.#startBlock.input);
    this.#input.add(fragment);
  }

  /** The block as it is now. Unchanged from now on, except for the `input` of an unfinished one: it is live. */
  handOut(): UntypedBlock {
    if (this.#handedOut === undefined) {
      const block = this.#joined();
      this.#handedOut = this.stopped ? this.#finished(copy(block)) : this.#unfinished(block);
    }
    return this.#handedOut;
  }

  stop(): void {
    this.stopped = true;
    const { json } = this;
    // The one that was handed out stays cut; a copy takes its place.
    if (json !== undefined || 'input' in this.#startBlock) this.edit();
  }

  keepUnknown(delta: UntypedDelta): void {
    this.#unknown.push(delta);
  }

  /** The fragments of `input` so far; undefined before the first. */
  get json(): string | undefined {
    return this.#input?.json;
  }

  /** Everything that happened to the block, in the fewest events. */
  past(): UntypedEvent[] {
    if (this.#start === undefined) return [];
    const { index } = this;
    const now = this.#joined();
    const deltas = [...deltasBetween(this.#startBlock, now, this.json), ...this.#unknown];
    return [
      this.#start,
      ...deltas.map((delta) => ({ type: 'content_block_delta', index, delta })),
      ...(this.stopped ? [{ type: 'content_block_stop', index }] : []),
    ];
  }

  #finished(block: UntypedBlock): UntypedBlock {
    const final = this.#input?.finish();
    if (final === undefined) return block;
    block.input = final.input;
    if (final.state.status !== 'complete') block.inputState = final.state;
    return block;
  }

  #unfinished(block: UntypedBlock): UntypedBlock {
    const { json } = this;
    if (json === undefined && !('input' in block)) return copy(block);
    const live = copy(block);
    this.#input?.showIn(live);
    live.inputState = unfinished(json ?? '');
    return live;
  }
}

function copy(block: UntypedBlock): UntypedBlock {
  const copied = { ...block };
  if (Array.isArray(copied.citations)) copied.citations = copied.citations.slice();
  return copied;
}
