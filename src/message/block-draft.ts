import type { LooseBlock, LooseDelta, LooseEvent } from './loose.js';
import { mergedDeltas } from './merged.js';
import { rememberInput, type ToolInput } from './tool-input.js';

/**
 * A content block in the making. What was handed out is never changed: the first edit after a
 * hand-out works on a copy, so n deltas that nobody looks at cost no copies.
 */
export class BlockDraft {
  readonly index: number;
  stopped = false;
  /** The fragments of `input` so far; undefined until one came. */
  json: string | undefined;
  readonly #start: LooseEvent | undefined;
  readonly #startBlock: LooseBlock;
  /** Deltas of kinds we do not know: they do not show in the block, late readers want them. */
  readonly #unknown: LooseDelta[] = [];
  #block: LooseBlock;
  #handedOut = true;

  /** @param start the `content_block_start`; undefined for a block that came inside `message_start`. */
  constructor(index: number, block: LooseBlock, start?: LooseEvent) {
    this.index = index;
    this.#start = start;
    this.#startBlock = block;
    this.#block = block;
    if (start !== undefined) this.#rememberUnfinished();
  }

  /** The block, to be changed in place. */
  edit(): LooseBlock {
    if (this.#handedOut) {
      const { citations } = this.#block;
      this.#block = { ...this.#block };
      if (Array.isArray(citations)) this.#block.citations = citations.slice();
      this.#handedOut = false;
    }
    return this.#block;
  }

  /** The block, from now on unchanged. */
  handOut(): LooseBlock {
    if (!this.#handedOut) {
      this.#handedOut = true;
      if (!this.stopped) this.#rememberUnfinished();
    }
    return this.#block;
  }

  stop(): void {
    this.stopped = true;
    if (!this.#hasInput) return;
    const { input, ...state } = this.json === undefined ? given(this.#block) : parse(this.json);
    // A copy where it was handed out: that one stays cut.
    const block = this.edit();
    block.input = input;
    rememberInput(block, state);
  }

  keepUnknown(delta: LooseDelta): void {
    this.#unknown.push(delta);
  }

  get #hasInput(): boolean {
    return this.json !== undefined || 'input' in this.#block;
  }

  #rememberUnfinished(): void {
    if (!this.#hasInput) return;
    rememberInput(this.#block, { status: 'cut', json: this.json ?? '', reason: 'not finished' });
  }

  /** All that happened to the block, in the fewest events. */
  past(): LooseEvent[] {
    if (this.#start === undefined) return [];
    const { index } = this;
    const deltas = [...mergedDeltas(this.#startBlock, this.#block, this.json), ...this.#unknown];
    return [
      this.#start,
      ...deltas.map((delta) => ({ type: 'content_block_delta', index, delta })),
      ...(this.stopped ? [{ type: 'content_block_stop', index }] : []),
    ];
  }
}

/** Without any fragment the input is what the block started with. */
function given({ input }: LooseBlock): ToolInput & { input: unknown } {
  return { input, status: 'complete', json: JSON.stringify(input) };
}

function parse(json: string): ToolInput & { input: unknown } {
  // A tool without arguments sends empty fragments only.
  if (json === '') return { input: {}, status: 'complete', json };
  try {
    return { input: JSON.parse(json), status: 'complete', json };
  } catch (error) {
    const status = endsEarly(json) ? 'cut' : 'invalid';
    return { input: {}, status, json, reason: (error as Error).message };
  }
}

/** Whether a string or a bracket is open at the end: `max_tokens` stops blocks anywhere. */
function endsEarly(json: string): boolean {
  const bare = json.replace(/"[^"\\]*(?:\\.[^"\\]*)*"/gs, '');
  return bare.includes('"') || bare.split(/[{[]/).length > bare.split(/[}\]]/).length;
}
