import { endsInHalf } from '../json/ends-in-half.js';
import { isRecord } from '../json/is-record.js';
import { KnownFields } from './keep-known.js';
import { BLOCKS, DELTAS, STRING_DELTAS } from './kinds.js';
import { splitBlock } from './split-block.js';
import type { UntypedBlock, UntypedDelta, UntypedEvent, UntypedMessage } from './untyped.js';

/** What the Normalizer needs to know of a block, to go on with it. */
interface ApiBlock {
  deltas: readonly string[] | undefined;
  isOpen: boolean;
  /** Its start, the first delta of each kind, and its stop. */
  events: readonly UntypedEvent[];
  /** The kinds of its deltas so far, and whether they were empty. */
  seen: readonly string[];
}

/**
 * The events of a response for as long as they are as the API writes them, which nearly all streams are to
 * their end. Of anything else it says that it is not, and the Normalizer takes over: code that is loaded for
 * the first stream that needs it.
 */
export class ApiEvents {
  readonly known: KnownFields = new KnownFields();
  #start: UntypedEvent | undefined;
  readonly #blocks: ApiBlock[] = [];
  /** Undefined where no block has one. */
  #ids: Set<unknown> | undefined;
  /** As in the Normalizer. */
  plainIndex: number | undefined;
  plainType: string | undefined;

  /** @returns the events as the Normalizer makes them; undefined where that is needed, and nothing has changed. */
  normalize(event: UntypedEvent): readonly UntypedEvent[] | undefined {
    const rule = rules.get(event.type);
    return rule === undefined ? [event] : rule(this, event);
  }

  /** See `Normalizer.end`. */
  end(): readonly UntypedEvent[] {
    return [];
  }

  /** See `Normalizer.restart`. */
  restart(index: number): void {
    this.plainIndex = undefined;
    this.#blocks.splice(index);
  }

  /** Events that lead to what the message is now; but for `message_delta`: see `known`. */
  past(): UntypedEvent[] {
    const start = this.#start === undefined ? [] : [this.#start];
    return [...start, ...this.#blocks.flatMap(({ events }) => events)];
  }

  messageStart(event: UntypedEvent): UntypedEvent[] | undefined {
    const message = event.message as UntypedMessage | undefined;
    if (this.#start !== undefined || !isRecord(message?.usage) || !('id' in message)) {
      return undefined;
    }
    const { content } = message;
    if (!Array.isArray(content) || content.length > 0) return undefined;
    this.#start = event;
    this.known.start(message);
    return [event];
  }

  blockStart(event: UntypedEvent): UntypedEvent[] | undefined {
    const index = this.#blocks.length;
    const block = event.content_block as UntypedBlock | undefined;
    if (this.#start === undefined || event.index !== index || !isRecord(block)) return undefined;
    const { deltas } = BLOCKS.get(block.type) ?? {};
    if (typeof block.type !== 'string' || !this.#isUsual(block, deltas)) return undefined;
    const { id } = block;
    if (id !== undefined) {
      this.#ids ??= new Set();
      this.#ids.add(id);
    }
    this.#blocks.push({ deltas, isOpen: true, events: [event], seen: [] });
    this.plainIndex = undefined;
    // The API itself may send text and thinking here.
    const { start, deltas: sent } = splitBlock(block);
    if (start === block) return [event];
    return [
      { ...event, content_block: start },
      ...sent.map((delta) => ({ type: 'content_block_delta', index, delta })),
    ];
  }

  delta(event: UntypedEvent): UntypedEvent[] | undefined {
    const block = this.#openBlock(event);
    const delta = event.delta as UntypedDelta | undefined;
    if (block === undefined || !isRecord(delta) || typeof delta.type !== 'string') return undefined;
    const { type } = delta;
    const isString = STRING_DELTAS.has(type);
    const kind = DELTAS.get(type);
    const value = kind && delta[kind.brings];
    if (kind !== undefined) {
      if (block.deltas?.includes(type) === false) return undefined;
      if (kind.isNullable ? !(kind.brings in delta) : value == null) return undefined;
      const isText = isString || type === 'signature_delta';
      if (isText && !isWhole(value, type)) return undefined;
    }
    const what = `${kind?.type} ${value === ''}`;
    if (!block.seen.includes(what)) {
      block.seen = [...block.seen, what];
      block.events = [...block.events, standInFor(event, value, kind?.brings)];
    }
    // A call of which no input has arrived may still be one without any.
    const isPlain = isString && (kind?.join !== 'json' || value !== '');
    this.plainIndex = isPlain ? (event.index as number) : undefined;
    this.plainType = type;
    return [event];
  }

  blockStop(event: UntypedEvent): UntypedEvent[] | undefined {
    const block = this.#openBlock(event);
    if (block === undefined) return undefined;
    block.isOpen = false;
    block.events = [...block.events, event];
    return [event];
  }

  messageStop(event: UntypedEvent): UntypedEvent[] | undefined {
    return this.#blocks.some(({ isOpen }) => isOpen) ? undefined : [event];
  }

  #openBlock({ index }: UntypedEvent): ApiBlock | undefined {
    const block = typeof index === 'number' ? this.#blocks[index] : undefined;
    return block?.isOpen ? block : undefined;
  }

  /** Whether it needs nothing but that its text is sent as deltas. */
  #isUsual(block: UntypedBlock, deltas: readonly string[] | undefined): boolean {
    const { id, name, input } = block;
    if (block.type === 'tool_use') {
      if (typeof id !== 'string' || id.trim() === '' || this.#ids?.has(id)) return false;
      if (typeof name !== 'string' || name !== name.trim()) return false;
    }
    if (deltas?.includes('input_json_delta') !== true) return true;
    return isRecord(input) && Object.keys(input).length === 0;
  }
}

type Rule = (events: ApiEvents, event: UntypedEvent) => UntypedEvent[] | undefined;

const rules: ReadonlyMap<string, Rule> = /* @__PURE__ */ new Map<string, Rule>([
  ['message_start', (events, event) => events.messageStart(event)],
  ['content_block_start', (events, event) => events.blockStart(event)],
  ['content_block_delta', (events, event) => events.delta(event)],
  ['content_block_stop', (events, event) => events.blockStop(event)],
  ['message_delta', ({ known }, event) => [known.delta(event)]],
  ['message_stop', (events, event) => events.messageStop(event)],
]);

/** For the Normalizer. The text of a delta is cut out of a chunk, and would keep all of it in memory. */
function standInFor(event: UntypedEvent, value: unknown, brings = ''): UntypedEvent {
  if (typeof value !== 'string') return event;
  return { ...event, delta: { ...(event.delta as UntypedDelta), [brings]: value && 'x' } };
}

/** Not the first half of a character, which the next delta completes. An empty signature is one that is repeated. */
function isWhole(value: unknown, type: string): boolean {
  const isRepeated = value === '' && type === 'signature_delta';
  return typeof value === 'string' && !isRepeated && !endsInHalf(value);
}
