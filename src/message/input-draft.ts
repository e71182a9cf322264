import { JsonStream } from '../json/json-stream.js';
import { type ToolInput, unfinished } from './tool-input.js';

/**
 * A tool's input in the making. Its JSON is read only as far as somebody looks: without a look until
 * the block stops, and then by JSON.parse; with a look after each fragment at O(fragment) each.
 */
export class InputDraft {
  readonly #start: unknown;
  #json = '';
  #live: JsonStream | undefined;
  /** What the live value has not read. */
  #unread = '';

  /** @param start what `input` is as long as its JSON says nothing. */
  constructor(start: unknown) {
    this.#start = start;
  }

  get json(): string {
    return this.#json;
  }

  add(fragment: string): void {
    this.#json += fragment;
    if (this.#live !== undefined) this.#unread += fragment;
  }

  /** The value so far, the same object from first to last: it grows. */
  get value(): unknown {
    return this.#read().value ?? this.#start;
  }

  /** There is no more: the final value, and what it is worth. */
  finish(): { input: unknown; state: ToolInput } {
    const json = this.#json;
    // A tool without arguments sends empty fragments only.
    if (json === '') return { input: {}, state: { status: 'complete', json } };
    if (this.#live === undefined) {
      try {
        return { input: JSON.parse(json), state: { status: 'complete', json } };
      } catch {
        // The reader below tells where it went wrong, and what was whole before.
      }
    }
    return this.#judge(this.#read());
  }

  #judge(live: JsonStream): { input: unknown; state: ToolInput } {
    const json = this.#json;
    live.end();
    const { status, error } = live;
    if (status === 'complete') return { input: live.value, state: { status, json } };
    const reason = error?.message ?? 'not finished';
    if (status === 'invalid') return { input: {}, state: { status, json, reason } };
    return { input: live.value ?? this.#start, state: unfinished(json, reason) };
  }

  #read(): JsonStream {
    if (this.#live === undefined) {
      this.#live = new JsonStream();
      this.#unread = this.#json;
    }
    if (this.#unread !== '') this.#live.feed(this.#unread);
    this.#unread = '';
    return this.#live;
  }
}
