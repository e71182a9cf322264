import { StreamProtocolError } from '../errors.js';
import { endsInHalf } from '../json/ends-in-half.js';
import { isRecord } from '../json/is-record.js';
import { inputState } from './input-state.js';
import { BLOCKS, DELTAS, STRING_DELTAS } from './kinds.js';
import { splitBlock } from './split-block.js';
import { isEmptyInput } from './to-input.js';
import type { ToolCalls } from './tool-calls.js';
import type { UntypedBlock, UntypedDelta } from './untyped.js';

/** What is known of a block, and what is held back of it. */
export class OpenBlock {
  /** Its index as the server counts, and in the message. */
  readonly index: number;
  readonly place: number;
  isOpen = true;
  type = '';
  /** The server's, and the one that the block has. */
  sentId: unknown;
  id: unknown;
  /** Its start, until something follows: it may be repeated. */
  start: UntypedBlock | undefined;
  #deltas: readonly string[] | undefined;
  /** The input in its start as JSON. Fragments that follow say it again. */
  #input: string | undefined;
  #hasJson = false;
  /** Fragments that say nothing so far, after a start that has an input. */
  #held = '';
  #isUnproven = false;
  #isSigned = false;
  /** A delta that is the first half of a character. */
  #half: UntypedDelta | undefined;

  constructor(index: number, place: number) {
    this.index = index;
    this.place = place;
  }

  /** The start without what deltas bring, and these deltas. */
  begin(block: UntypedBlock, calls: ToolCalls): { start: UntypedBlock; deltas: UntypedDelta[] } {
    this.type = block.type;
    this.sentId = block.id;
    this.start = block;
    this.#deltas = BLOCKS.get(block.type)?.deltas;
    const { start, deltas } = splitBlock(calls.usable(block));
    this.id = start.id;
    this.#isSigned = deltas.some(({ type }) => type === 'signature_delta');
    if (!this.#takesJson) return { start, deltas };
    this.#isUnproven = inputState(block)?.status === 'open';
    this.#input = toJson(block.input);
    if (typeof block.input === 'string' && start.input === block.input) {
      // It can't be read by itself, so the fragments that follow go on with it.
      deltas.push({ type: 'input_json_delta', partial_json: block.input });
      this.#hasJson = true;
      this.#input = undefined;
    }
    const isEmpty = isRecord(start.input) && this.#input === undefined;
    return { start: isEmpty ? start : { ...start, input: {} }, deltas };
  }

  /**
   * @returns false for a delta that brings nothing.
   * @throws StreamProtocolError for one of another kind.
   */
  accepts(delta: UntypedDelta): boolean {
    const kind = DELTAS.get(delta.type);
    if (kind === undefined) return true;
    const value = delta[kind.brings];
    if (this.#deltas !== undefined && !this.#deltas.includes(delta.type)) {
      if (value === '') return false;
      throw new StreamProtocolError(
        `a ${delta.type} for index ${this.place}, whose block is a ${this.type}`,
      );
    }
    if (delta.type === 'signature_delta') {
      if (value === '' && this.#isSigned) return false;
      this.#isSigned = true;
    }
    return kind.join !== 'json' || this.#acceptsJson(String(value));
  }

  /** A start that has an input counts as long as the fragments after it say nothing, in however many pieces. */
  #acceptsJson(fragment: string): boolean {
    if (this.#input !== undefined && MAYBE_EMPTY.test(this.#held + fragment)) {
      this.#held += fragment;
      return false;
    }
    if (fragment !== '') {
      this.#hasJson = true;
      this.#input = undefined;
    }
    return true;
  }

  /** With the half of a character that came before, and without one that it ends in. */
  joined(delta: UntypedDelta): UntypedDelta[] {
    const field = STRING_DELTAS.get(delta.type)?.brings;
    const half = this.#half;
    this.#half = undefined;
    const before = half === undefined || half.type === delta.type ? [] : [half];
    const value = field === undefined ? undefined : delta[field];
    if (field === undefined || typeof value !== 'string') return half ? [half, delta] : [delta];
    const start = before.length > 0 || half === undefined ? this.#held : half[field];
    this.#held = '';
    const text = `${start}${value}`;
    if (!endsInHalf(text)) return [...before, text === value ? delta : { ...delta, [field]: text }];
    this.#half = { type: delta.type, [field]: text.slice(-1) };
    return text.length === 1 ? before : [...before, { ...delta, [field]: text.slice(0, -1) }];
  }

  /** Whether the deltas that follow need no look: see `Normalizer`. */
  isPlain({ type }: UntypedDelta): boolean {
    return STRING_DELTAS.has(type) && (this.#hasJson || !this.#takesJson);
  }

  /** What is held back. */
  rest(): UntypedDelta[] {
    if (!this.isOpen) return [];
    const input = isEmptyInput(this.#held) ? this.#input : this.#held;
    this.#held = '';
    this.#input = undefined;
    const half = this.#half;
    this.#half = undefined;
    return [
      ...(input === undefined ? [] : [{ type: 'input_json_delta', partial_json: input }]),
      ...(half === undefined ? [] : [half]),
    ];
  }

  /**
   * Whether `message_stop` ends it. A call needs a stop reason: without one nothing says that it was meant. One
   * of which no input arrived is whole only if the reason is `tool_use`.
   */
  isOver(reason: unknown): boolean {
    if (!this.isOpen || this.#isUnproven) return false;
    if (!this.#takesJson) return true;
    const hasInput = this.#hasJson || this.#input !== undefined;
    return typeof reason === 'string' && (hasInput || reason === 'tool_use');
  }

  get #takesJson(): boolean {
    return this.#deltas?.includes('input_json_delta') === true;
  }
}

/** A delta with its type; undefined where it carries nothing. */
export function knownDelta(delta: unknown): UntypedDelta | undefined {
  if (!isRecord(delta)) return isContent(delta) ? (delta as UntypedDelta) : undefined;
  if (typeof delta.type !== 'string') {
    const kind = [...STRING_DELTAS.values()].find(
      ({ brings }) => typeof delta[brings] === 'string',
    );
    if (kind !== undefined) return { ...delta, type: kind.type };
    return Object.values(delta).some(isContent) ? (delta as UntypedDelta) : undefined;
  }
  const { brings, isNullable, join } = DELTAS.get(delta.type) ?? {};
  const isEmpty = brings !== undefined && (isNullable ? !(brings in delta) : delta[brings] == null);
  if (join === 'json' && isRecord(delta[brings as string])) {
    return {
      ...delta,
      [brings as string]: JSON.stringify(delta[brings as string]),
    } as UntypedDelta;
  }
  if (!isEmpty) return delta as UntypedDelta;
  if (join === 'push') return undefined;
  const others = Object.keys(delta).filter((field) => field !== 'type' && delta[field] != null);
  if (others.some((field) => isContent(delta[field]))) return delta as UntypedDelta;
  return others.length > 0 && STRING_DELTAS.has(delta.type)
    ? ({ ...delta, [brings]: '' } as UntypedDelta)
    : undefined;
}

/** Whether what no reader looks at may be content: MessageDraft refuses it. A count is none. */
function isContent(value: unknown): boolean {
  return typeof value === 'string' ? value !== '' : isRecord(value) || Array.isArray(value);
}

/** What a start says of its input, as JSON; undefined where it says nothing. */
function toJson(input: unknown): string | undefined {
  // A number beyond JSON's range is null there.
  const json = typeof input === 'string' ? input : JSON.stringify(input);
  return isEmptyInput(json) ? undefined : json;
}

/** The beginning of what `isEmptyInput` takes for nothing. */
const MAYBE_EMPTY = /^\s{0,9}(?:\{\}?|\[\]?|n(?:u(?:ll?)?)?|""?)?\s{0,9}$/;
