import { isRecord } from '../json/is-record.js';
import { keepKnown } from './keep-known.js';
import { BLOCKS, DELTAS, type DeltaKind, STRING_DELTAS } from './kinds.js';
import { splitBlock } from './split-block.js';
import type { UntypedBlock, UntypedDelta, UntypedEvent, UntypedMessage } from './untyped.js';

/** What the Normalizer needs to know of a block, to go on with it. */
interface ApiBlock {
  deltas: readonly string[] | undefined;
  isOpen: boolean;
  /** Its start, the first delta of each kind, and its stop. */
  events: readonly UntypedEvent[];
}

/**
 * The events of a response for as long as they are as the API writes them, which nearly all streams are to
 * their end. Of anything else it says that it is not, and the Normalizer takes over: code that is loaded for
 * the first stream that needs it.
 */
export class ApiEvents {
  /** What the message has so far, as `keepKnown` keeps it. */
  readonly stop: Record<string, unknown> = {};
  readonly usage: Record<string, unknown> = {};
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

  /** Events that lead to what the message is now; but for `message_delta`: see `stop` and `usage`. */
  past(): UntypedEvent[] {
    const start = this.#start === undefined ? [] : [this.#start];
    return [...start, ...this.#blocks.flatMap(({ events }) => events)];
  }

  messageStart(event: UntypedEvent): UntypedEvent[] | undefined {
    const message = event.message as UntypedMessage | undefined;
    if (this.#start !== undefined || !isRecord(message?.usage) || !('id' in message)) {
      return undefined;
    }
    const { content, usage, stop_reason, stop_sequence, stop_details } = message;
    if (!Array.isArray(content) || content.length > 0) return undefined;
    this.#start = event;
    keepKnown(this.stop, { stop_reason, stop_sequence, stop_details });
    keepKnown(this.usage, usage);
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
    this.#blocks.push({ deltas, isOpen: true, events: [event] });
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
    const kind = DELTAS.get(type);
    const value = kind && delta[kind.brings];
    if (kind !== undefined) {
      if (block.deltas?.includes(type) === false) return undefined;
      if (kind.isNullable ? !(kind.brings in delta) : value == null) return undefined;
      const isText = STRING_DELTAS.has(type) || type === 'signature_delta';
      if (isText && !isWhole(value, type)) return undefined;
    }
    if (!block.events.some((before) => isAlike(before, event))) {
      block.events = [...block.events, standInFor(event, kind)];
    }
    // A call of which no input has arrived may still be one without any.
    const isPlain = STRING_DELTAS.has(type) && (kind?.join !== 'json' || value !== '');
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

  messageDelta(event: UntypedEvent): UntypedEvent[] {
    const delta = keepKnown(this.stop, event.delta);
    const usage = keepKnown(this.usage, event.usage);
    const isSame = delta === event.delta && usage === event.usage;
    return [isSame ? event : { ...event, delta, usage }];
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
  ['message_delta', (events, event) => events.messageDelta(event)],
  ['message_stop', (events, event) => events.messageStop(event)],
]);

/** For the Normalizer. The text of a delta is cut out of a chunk, and would keep all of it in memory. */
function standInFor(event: UntypedEvent, { brings = '' }: Partial<DeltaKind> = {}): UntypedEvent {
  const delta = event.delta as UntypedDelta;
  const value = delta[brings];
  return typeof value === 'string'
    ? { ...event, delta: { ...delta, [brings]: value && 'x' } }
    : event;
}

/** Whether two deltas of a block are of one kind, and both say something or nothing. */
function isAlike({ delta: before }: UntypedEvent, { delta }: UntypedEvent): boolean {
  if (before === undefined) return false;
  const [a, b] = [before as UntypedDelta, delta as UntypedDelta];
  const kind = DELTAS.get(a.type);
  if (kind === undefined || kind !== DELTAS.get(b.type)) return kind === DELTAS.get(b.type);
  return (a[kind.brings] === '') === (b[kind.brings] === '');
}

/** Not the first half of a character, which the next delta completes. An empty signature is one that is repeated. */
function isWhole(value: unknown, type: string): boolean {
  if (typeof value !== 'string' || (value === '' && type === 'signature_delta')) return false;
  const last = value.charCodeAt(value.length - 1);
  return !(last >= 0xd800 && last < 0xdc00);
}
