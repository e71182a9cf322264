import { InputDraft } from './input-draft.js';
import type { LooseBlock, LooseDelta, LooseEvent } from './loose.js';
import { mergedDeltas } from './merged.js';
import { rememberInput, Unfinished, unfinished } from './tool-input.js';

/**
 * A content block in the making. What was handed out is never changed: a hand-out is a copy, made when
 * somebody looks, so n deltas that nobody looks at cost no copies.
 */
export class BlockDraft {
  readonly index: number;
  stopped = false;
  readonly #start: LooseEvent | undefined;
  readonly #startBlock: LooseBlock;
  /** Deltas of kinds we do not know: they do not show in the block, late readers want them. */
  readonly #unknown: LooseDelta[] = [];
  #input: InputDraft | undefined;
  #block: LooseBlock | undefined;
  /** What came for a field of text, and was not joined yet. */
  #field: 'text' | 'thinking' = 'text';
  #pieces: string[] = [];
  #handedOut: LooseBlock | undefined;

  /** @param start the `content_block_start`; undefined for a block that came inside `message_start`. */
  constructor(index: number, block: LooseBlock, start?: LooseEvent) {
    this.index = index;
    this.#start = start;
    this.#startBlock = block;
    this.#handedOut = block;
    if (start !== undefined && 'input' in block) {
      rememberInput(block, unfinished(''));
    }
  }

  /** The block, to be changed in place. */
  edit(): LooseBlock {
    const block = this.#joined();
    this.#handedOut = undefined;
    this.#block ??= copy(block);
    return this.#block;
  }

  /** Adds a piece of text. They are joined when somebody looks: a string of each would be garbage. */
  addText(field: 'text' | 'thinking', piece: string): void {
    if (field !== this.#field) this.#joined();
    this.#field = field;
    this.#pieces.push(piece);
    this.#handedOut = undefined;
  }

  /** The block with all that came. */
  #joined(): LooseBlock {
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

  /** The block as it is now. Unchanged from now on, but for the `input` of an unfinished one: it is live. */
  handOut(): LooseBlock {
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

  keepUnknown(delta: LooseDelta): void {
    this.#unknown.push(delta);
  }

  /** The fragments of `input` so far; undefined until one came. */
  get json(): string | undefined {
    return this.#input?.json;
  }

  /** All that happened to the block, in the fewest events. */
  past(): LooseEvent[] {
    if (this.#start === undefined) return [];
    const { index } = this;
    const now = this.#joined();
    const deltas = [...mergedDeltas(this.#startBlock, now, this.json), ...this.#unknown];
    return [
      this.#start,
      ...deltas.map((delta) => ({ type: 'content_block_delta', index, delta })),
      ...(this.stopped ? [{ type: 'content_block_stop', index }] : []),
    ];
  }

  #finished(block: LooseBlock): LooseBlock {
    const final = this.#input?.finish();
    if (final !== undefined) {
      block.input = final.input;
      rememberInput(block, final.state);
    } else if ('input' in block) {
      rememberInput(block, { status: 'complete', json: JSON.stringify(block.input) ?? '' });
    }
    return block;
  }

  #unfinished(block: LooseBlock): LooseBlock {
    const { json } = this;
    if (json === undefined && !('input' in block)) return copy(block);
    const live = copy(block, new Unfinished({}, json ?? ''));
    this.#input?.showIn(live);
    return live;
  }
}

function copy(block: LooseBlock, into: object = {}): LooseBlock {
  const copied = Object.assign(into, block);
  if (Array.isArray(copied.citations)) copied.citations = copied.citations.slice();
  return copied;
}
