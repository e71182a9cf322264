import { JoinedText } from '../joined-text.js';
import { JsonStream } from '../json/json-stream.js';
import { MAX_DEPTH, MAX_NODES } from '../json/limits.js';
import { parseJson } from '../json/parse-json.js';
import type { InputState } from './tool-input.js';
import type { UntypedBlock } from './untyped.js';

/**
 * A tool's input in the making. Without a look its JSON is not read until the block stops, and then
 * by JSON.parse; from the first look on each fragment is read as it comes, at O(fragment) each.
 */
export class InputDraft {
  readonly #start: unknown;
  readonly #json = new JoinedText();
  #live: JsonStream | undefined;

  /** @param start what `input` is as long as its JSON says nothing. */
  constructor(start: unknown) {
    this.#start = start;
  }

  get json(): string {
    return this.#json.text;
  }

  add(fragment: string): void {
    this.#json.push(fragment);
    this.#live?.feed(fragment);
  }

  /** Makes `input` the live value: the same object from first to last, it grows. */
  showIn(block: UntypedBlock): void {
    const value = this.#live?.value;
    // What has been looked at grows by itself. An accessor costs more than all the rest of a delta.
    if (value instanceof Object) block.input = value;
    else Object.defineProperty(block, 'input', this.#accessor);
  }

  /** There is no more: the final value, and its state unless it is complete. */
  finish(): { input: unknown; state?: InputState } {
    const { json } = this;
    // A tool without arguments sends empty fragments only.
    if (json === '') return { input: {} };
    if (this.#live === undefined) {
      try {
        return { input: parseJson(json, MAX_DEPTH) };
      } catch {
        // The reader below says where it went wrong, and what was whole before.
      }
    }
    const live = this.#read();
    live.end();
    const { status, value, error } = live;
    if (status === 'complete') return { input: value };
    const reason = error?.message ?? 'not finished';
    return status === 'unfinished'
      ? { input: value ?? this.#start, state: { status: 'cut', json, reason } }
      : { input: {}, state: { status, json, reason } };
  }

  #read(): JsonStream {
    if (this.#live === undefined) {
      this.#live = new JsonStream(MAX_DEPTH, MAX_NODES);
      this.#live.feed(this.json);
    }
    return this.#live;
  }

  /** One for all hand-outs. */
  readonly #accessor: PropertyDescriptor = {
    get: () => this.#read().value ?? this.#start,
    enumerable: true,
    configurable: true,
  };
}
