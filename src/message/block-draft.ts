import { StreamProtocolError } from '../errors.js';
import { JoinedText } from '../joined-text.js';
import { copyOwn } from '../json/set-own.js';
import { deltasBetween } from './deltas-between.js';
import { InputDraft } from './input-draft.js';
import type { InputState } from './input-state.js';
import { DELTAS, type DeltaKind, type Join } from './kinds.js';
import type { UntypedBlock, UntypedDelta, UntypedEvent } from './untyped.js';

/**
 * A content block while it arrives. What was handed out is never changed: a hand-out is a copy, made on
 * demand, so n deltas without a look cost no copies.
 */
export class BlockDraft {
  readonly index: number;
  stopped = false;
  /** For BlockDrafts: whether it changed since the last look. */
  isChanged = true;
  readonly #start: UntypedEvent;
  readonly #startBlock: UntypedBlock;
  /** Deltas of unknown kinds: they don't show in the block, but late readers want them. */
  #unknown: UntypedDelta[] | undefined;
  #input: InputDraft | undefined;
  #block: UntypedBlock | undefined;
  /** The field of text that grows, all of it, and whether the block is without the latest of it. */
  #field: string | undefined;
  #text: JoinedText | undefined;
  #isBehind = false;
  #handedOut: UntypedBlock | undefined;
  /** The fields whose list was not handed out: it can grow in place. */
  #ownLists: Set<string> | undefined;

  /** @param start the `content_block_start`. */
  constructor(index: number, block: UntypedBlock, start: UntypedEvent) {
    this.index = index;
    this.#start = start;
    this.#startBlock = block;
    this.#handedOut = 'input' in block ? undefined : block;
  }

  /**
   * Adds a delta. One of an unknown kind changes nothing and is kept.
   * @throws StreamProtocolError when a known delta lacks its text.
   */
  apply(delta: UntypedDelta): void {
    // One after the other they are of one kind: comparing two names costs less than to look one up.
    if (latest?.type !== delta.type) latest = DELTAS.get(delta.type);
    const kind = latest;
    if (kind === undefined) this.#keepUnknown(delta);
    else if (kind.join === 'append') this.#addText(kind.fills, this.#textIn(delta, kind));
    else BlockDraft.#joins[kind.join](this, delta, kind);
  }

  /** WIRE, "How the message accumulates". */
  static readonly #joins: Readonly<
    Record<
      Exclude<Join, 'append'>,
      (draft: BlockDraft, delta: UntypedDelta, kind: DeltaKind) => void
    >
  > = {
    json: (draft, delta, kind) => draft.#addJson(draft.#textIn(delta, kind)),
    push: (draft, delta, { brings, fills }) => draft.#addItem(fills, delta[brings]),
    replace: (draft, delta, kind) => draft.#replace(delta, kind),
  };

  #textIn(delta: UntypedDelta, { brings }: DeltaKind): string {
    const value = delta[brings];
    if (typeof value === 'string') return value;
    throw new StreamProtocolError(
      `the ${brings} of block ${this.index} is not a string: ${JSON.stringify(value)?.slice(0, 200)}`,
    );
  }

  #addText(field: string, piece: string): void {
    const text = field === this.#field ? this.#text : this.#grow(field);
    text?.push(piece);
    this.#isBehind = true;
    this.#handedOut = undefined;
  }

  /** From now on this field grows. */
  #grow(field: string): JoinedText {
    const before = this.#joined()[field];
    const text = new JoinedText(typeof before === 'string' ? before : '');
    this.#field = field;
    this.#text = text;
    return text;
  }

  /** The block with everything that arrived. */
  #joined(): UntypedBlock {
    if (this.#isBehind) {
      this.#isBehind = false;
      this.#block ??= copyOwn(this.#startBlock);
      this.#block[this.#field as string] = this.#text?.text;
    }
    return this.#block ?? this.#startBlock;
  }

  /** The block, to be changed in place. */
  #edit(): UntypedBlock {
    const block = this.#joined();
    this.#handedOut = undefined;
    this.#block ??= copyOwn(block);
    return this.#block;
  }

  #addJson(fragment: string): void {
    this.#edit();
    this.#input ??= new InputDraft(this.#startBlock.input);
    this.#input.add(fragment);
  }

  /** A list that was handed out is copied first, once for each look. */
  #addItem(field: string, item: unknown): void {
    const block = this.#edit();
    const list = block[field];
    if (Array.isArray(list) && this.#ownLists?.has(field)) {
      list.push(item);
    } else {
      block[field] = Array.isArray(list) ? list.concat([item]) : [item];
      this.#ownLists ??= new Set();
      this.#ownLists.add(field);
    }
  }

  #replace(delta: UntypedDelta, kind: DeltaKind): void {
    const { brings, fills, isNullable, also = [] } = kind;
    const value = isNullable ? delta[brings] : this.#textIn(delta, kind);
    const block = this.#edit();
    block[fills] = value;
    for (const field of also) if (field in delta) block[field] = delta[field];
  }

  #keepUnknown(delta: UntypedDelta): void {
    this.#unknown ??= [];
    this.#unknown.push(delta);
  }

  /** The block as it is now, never changed afterwards. */
  handOut(): UntypedBlock {
    if (this.#handedOut === undefined) {
      const block = this.#joined();
      this.#ownLists = undefined;
      this.#handedOut = this.stopped ? this.#finished(copyOwn(block)) : this.#unfinished(block);
    }
    return this.#handedOut;
  }

  /** One field of the block as it is now. Nothing else is copied, nor is an input that grows: it is live. */
  field(name: string): unknown {
    if (name === this.#field) return this.#text?.text;
    if (name === 'type') return this.#startBlock.type;
    if (name === 'input' && this.#input !== undefined && !this.stopped) return this.#input.live;
    return this.handOut()[name];
  }

  stop(): void {
    this.stopped = true;
    const { json } = this;
    // The one that was handed out stays cut; a copy takes its place.
    if (json !== undefined || 'input' in this.#startBlock) this.#edit();
  }

  /** The fragments of `input` so far; undefined before the first. */
  get json(): string | undefined {
    return this.#input?.json;
  }

  /** Everything that happened to the block, in the fewest events. */
  past(): UntypedEvent[] {
    const { index } = this;
    const known = deltasBetween(this.#startBlock, this.#joined(), this.json);
    const deltas = this.#unknown === undefined ? known : known.concat(this.#unknown);
    return [
      this.#start,
      ...deltas.map((delta) => ({ type: 'content_block_delta', index, delta })),
      ...(this.stopped ? [{ type: 'content_block_stop', index }] : []),
    ];
  }

  #finished(block: UntypedBlock): UntypedBlock {
    // What the server may have sent under this name says nothing.
    if ('inputState' in block) delete block.inputState;
    const final = this.#input?.finish();
    if (final === undefined) return block;
    block.input = final.input;
    if (final.state !== undefined) block.inputState = final.state;
    return block;
  }

  #unfinished(block: UntypedBlock): UntypedBlock {
    const { json } = this;
    const unfinished = copyOwn(block);
    if (json === undefined && !('input' in block)) return unfinished;
    unfinished.inputState = { status: 'open', json: json ?? '' } satisfies InputState;
    this.#input?.showIn(unfinished);
    return unfinished;
  }
}

let latest: DeltaKind | undefined;
