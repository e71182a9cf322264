import { JsonReader } from '../json/json-reader.js';
import { MAX_DEPTH, MAX_NODES } from '../json/limits.js';
import type { InputState } from './input-state.js';
import { toInput } from './to-input.js';
import type { UntypedBlock } from './untyped.js';

/** The input of a finished block, and its state unless it is complete. */
export interface FinalInput {
  input: unknown;
  state?: InputState;
}

/**
 * What a tool's input shows before its JSON is whole. From the first look on each fragment is read as it
 * comes, at O(fragment) each. Loaded on demand: most streams have no tools.
 */
export class PartialInput {
  readonly #start: unknown;
  readonly #json: () => string;
  #reader: JsonReader | undefined;

  /**
   * @param start what `input` is as long as its JSON says nothing.
   * @param json returns the JSON so far.
   */
  constructor(start: unknown, json: () => string) {
    this.#start = start;
    this.#json = json;
  }

  /** Whether something has looked at it. */
  get isRead(): boolean {
    return this.#reader !== undefined;
  }

  /** A fragment was added to the JSON. */
  add(fragment: string): void {
    this.#reader?.feed(fragment);
  }

  /** The input so far: one object from first to last, which grows. */
  get live(): unknown {
    return this.#read().value ?? this.#start;
  }

  /**
   * Gives a block the input so far, as a value. Copying what is open costs less than an accessor does, up to
   * hundreds of fields (docs/performance.md has the measurements). What would take long is made when it is read.
   * @param block has the JSON so far in its `inputState`.
   */
  showIn(block: UntypedBlock): void {
    const json = this.#json();
    const isQuick =
      this.#reader === undefined
        ? json.length <= MOST_UNREAD
        : this.#reader.copiedFields <= MOST_COPIED;
    if (isQuick) block.input = this.#valueAt(json);
    else Object.defineProperty(block, 'input', this.#whenRead);
  }

  /** There is no more: the final value, and its state unless it is complete. */
  finish(): FinalInput {
    const json = this.#json();
    const reader = this.#read();
    reader.end();
    const { status, value, error } = reader;
    if (status === 'complete') return { input: toInput(value) };
    const reason = error?.message ?? 'not finished';
    return status === 'unfinished'
      ? { input: value ?? this.#start, state: { status: 'cut', json, reason } }
      : { input: {}, state: { status, json, reason } };
  }

  #read(): JsonReader {
    this.#reader ??= readerOf(this.#json());
    return this.#reader;
  }

  /** What the JSON said when it was this long: of what has arrived since, nothing shows. */
  #valueAt(json: string): unknown {
    const reader = json.length === this.#json().length ? this.#read() : readerOf(json);
    return reader.copy() ?? this.#start;
  }

  /** One for all hand-outs: with an accessor for each, V8 would give each a shape. */
  readonly #whenRead: PropertyDescriptor = whenRead((json) => this.#valueAt(json));
}

/** The first look at a longer JSON does not read it at once: it may be the look of an error. */
const MOST_UNREAD = 65_536;

/** A look copies at most so many fields at once, which takes 0.05 ms, or 4,096 items, which takes less. */
const MOST_COPIED = 256;

function readerOf(json: string): JsonReader {
  const reader = new JsonReader(MAX_DEPTH, MAX_NODES);
  reader.feed(json);
  return reader;
}

/** An `input` that is made of the block's JSON at the first read, and a plain field from then on. */
function whenRead(valueAt: (json: string) => unknown): PropertyDescriptor {
  return {
    get(this: UntypedBlock): unknown {
      const value = valueAt((this.inputState as InputState).json);
      // It does not throw for a block that was frozen.
      Reflect.defineProperty(this, 'input', { value, writable: true });
      return value;
    },
    enumerable: true,
    configurable: true,
  };
}
