import { JoinedText } from '../joined-text.js';
import { MAX_DEPTH } from '../json/limits.js';
import { parseJson } from '../json/parse-json.js';
import { thrownText } from '../thrown.js';
import type { FinalInput, PartialInput } from './partial-input.js';
import { isEmptyInput, toInput } from './to-input.js';
import type { UntypedBlock } from './untyped.js';

/** Code that may not be there: see `providePartialInput`. */
let Partial: typeof PartialInput | undefined;

/** Whether inputs can be shown before their JSON is whole. */
export function hasPartialInput(): boolean {
  return Partial !== undefined;
}

/** Provided by the code that shows unfinished messages; a page loads it with its first tool call. */
export function providePartialInput(code: typeof PartialInput): void {
  Partial = code;
}

/**
 * A tool's input in the making. Without a look its JSON is not read until the block stops, and then
 * by JSON.parse.
 */
export class InputDraft {
  readonly #start: unknown;
  readonly #json = new JoinedText();
  #partial: PartialInput | undefined;

  /** @param start what `input` is as long as its JSON says nothing. */
  constructor(start: unknown) {
    this.#start = start;
  }

  get json(): string {
    return this.#json.text;
  }

  add(fragment: string): void {
    this.#json.push(fragment);
    this.#partial?.add(fragment);
  }

  /** The input so far; see PartialInput. Without its code it is empty up to the end. */
  get live(): unknown {
    const partial = this.#part();
    return partial === undefined ? this.#start : partial.live;
  }

  /** Gives a block the input so far; see PartialInput. */
  showIn(block: UntypedBlock): void {
    this.#part()?.showIn(block);
  }

  /** There is no more. */
  finish(): FinalInput {
    const { json } = this;
    // A tool without arguments sends empty fragments only.
    if (isEmptyInput(json)) return { input: {} };
    let reason = '';
    try {
      if (!this.#partial?.isRead) return { input: toInput(parseJson(json, MAX_DEPTH)) };
    } catch (error) {
      reason = thrownText(error);
    }
    // It says where the JSON went wrong, and what was whole before.
    return this.#part()?.finish() ?? { input: {}, state: { status: 'invalid', json, reason } };
  }

  #part(): PartialInput | undefined {
    this.#partial ??= Partial && new Partial(this.#start, () => this.json);
    return this.#partial;
  }
}
