import { StreamProtocolError } from '../errors.js';
import type { ApiEvents } from './api-events.js';
import { KnownFields } from './keep-known.js';
import { knownDelta, OpenBlock } from './open-block.js';
import { splitMessage } from './split-message.js';
import { isUsableId, ToolCalls } from './tool-calls.js';
import type { UntypedBlock, UntypedDelta, UntypedEvent } from './untyped.js';

/*
 * How other servers bend the stream, and what it becomes. The events that leave this file are as the API
 * writes them, so that nothing behind it knows of dialects; docs/wire.md has the table for users.
 *
 * | what is sent                                  | by                            | becomes                      |
 * |-----------------------------------------------|-------------------------------|------------------------------|
 * | text, thinking, input in content_block_start  | the API itself, LiteLLM       | deltas; the start is emptied |
 * | blocks in message_start                       | the API, after tools it ran   | events of blocks             |
 * | a text for the content of a message           | converters                    | a text block                 |
 * | a stop twice, or without a start              | Bedrock gateways, GLM proxies | dropped                      |
 * | no stops at all                               | Kimi                          | stops before message_stop    |
 * | an index that restarts, is a text, or missing | converters                    | a number, the next free one  |
 * | message_start without content or usage, late  | converters                    | the first event, complete    |
 * | null or zero after a value                    | Kimi, LiteLLM, z.ai           | the value                    |
 * | equal, empty or missing tool ids, odd names   | Kimi Coding, claux, mlx       | fresh ids, trimmed names     |
 * | null or missing fields of a delta             | sglang                        | dropped                      |
 * | text or an object in a field of no delta      | converters                    | StreamProtocolError          |
 * | an object as partial_json                     | converters                    | its JSON                     |
 * | half a character at the end of a delta        | gateways in Java or JS        | joined with the next delta   |
 * | a delta of another kind than its block        | LiteLLM, sglang               | StreamProtocolError          |
 *
 * What carries nothing is dropped; what contradicts is passed on, and MessageDraft refuses it.
 */

/** The raw events of one response, as the API would write them. */
export class Normalizer {
  /** By the index that the server uses. */
  readonly #blocks = new Map<number, OpenBlock>();
  /** In the order of their places, where they arrived so. */
  readonly #order: OpenBlock[] = [];
  #isOrdered = true;
  /** The places that blocks of another index took, and the first one above all. */
  #moved: Set<number> | undefined;
  #next = 0;
  readonly #calls = new ToolCalls();
  /** Undefined before `message_start`. */
  #id: unknown;
  #isStarted = false;
  /** Of blocks that came before `message_start`, which they wait for. */
  #early: UntypedEvent[] | undefined;
  #known = new KnownFields();
  /** Deltas of this block and type need nothing, unless they are empty or end in half a character. */
  plainIndex: number | undefined;
  plainType: string | undefined;

  /** @param before what was normalized without it. */
  constructor(before?: ApiEvents) {
    if (before === undefined) return;
    for (const event of before.past()) this.normalize(event);
    this.#known = before.known;
  }

  /** @throws StreamProtocolError for a delta of another kind than its block. */
  normalize(event: UntypedEvent): readonly UntypedEvent[] {
    const rule = rules.get(event.type);
    return rule === undefined ? [event] : rule(this, event);
  }

  /** There are no more events: what was held back. */
  end(): UntypedEvent[] {
    // What came is kept, though its message_start never did.
    const early = this.#early === undefined ? [] : this.messageStart({ type: 'message_start' });
    return [...early, ...this.#order.flatMap((block) => this.#rest(block))];
  }

  /** The blocks from an index on are discarded: others take their places. */
  restart(index: number): void {
    this.plainIndex = undefined;
    if (!this.#isOrdered) this.#order.sort((a, b) => a.place - b.place);
    this.#isOrdered = true;
    for (let last = this.#order.at(-1); last && last.place >= index; last = this.#order.at(-1)) {
      this.#order.pop();
      this.#moved?.delete(last.place);
      this.#calls.forget(last.id);
      if (this.#blocks.get(last.index) === last) this.#blocks.delete(last.index);
    }
    this.#next = Math.min(this.#next, index);
  }

  messageStart(event: UntypedEvent): UntypedEvent[] {
    const { id } = (event.message ?? {}) as { id?: unknown };
    if (this.#isStarted) return id == null || id === this.#id ? [] : [event];
    this.#isStarted = true;
    this.#id = id;
    this.#calls.messageId = id;
    const { message, content } = splitMessage(event.message);
    this.#known.start(message);
    const early = this.#early ?? [];
    this.#early = undefined;
    const blocks = content.flatMap((content_block) => {
      const index = this.#next;
      return [
        ...this.blockStart({ type: 'content_block_start', index, content_block }),
        ...this.blockStop({ type: 'content_block_stop', index }),
      ];
    });
    return [message === event.message ? event : { ...event, message }, ...early, ...blocks];
  }

  /** Events of a block, unless they have to wait. */
  ofBlock(events: UntypedEvent[]): UntypedEvent[] {
    if (this.#isStarted || this.#order.length === 0) return events;
    this.#early ??= [];
    this.#early.push(...events);
    return [];
  }

  /** @throws StreamProtocolError where events wait for a `message_start` that should have arrived by now. */
  checkStart({ type }: UntypedEvent): void {
    if (this.#early === undefined) return;
    throw new StreamProtocolError(`a ${type} before message_start`);
  }

  blockStart(event: UntypedEvent): UntypedEvent[] {
    const block = event.content_block as UntypedBlock | null | undefined;
    const index = event.index == null ? this.#next : toIndex(event.index);
    if (typeof block?.type !== 'string' || !Number.isSafeInteger(index) || Number(index) < 0) {
      return [event];
    }
    const before = this.#blocks.get(index as number);
    if (before?.isOpen) {
      if (JSON.stringify(before.start) === JSON.stringify(block)) return [];
      // Without stops the next block says that this one is finished. But it must be another.
      // Text again at its index would be the same text, of a response that began again.
      const isOther = isUsableId(block.id)
        ? block.id !== before.sentId
        : block.type === 'tool_use' || block.type !== before.type;
      if (!isOther) return [{ ...event, index: before.place }];
    }
    // A call of which nothing arrived may be one that was cut: the stop reason says so later.
    const closed = before?.isOver('end_turn') ? this.#close(before) : [];
    const added = this.#place(index as number);
    const { start, deltas } = added.begin(block, this.#calls);
    const { place } = added;
    this.plainIndex = undefined;
    return [
      ...closed,
      start === block && place === event.index
        ? event
        : { ...event, index: place, content_block: start },
      ...deltas.map((delta) => toDelta(place, delta)),
    ];
  }

  delta(event: UntypedEvent): UntypedEvent[] {
    const block = this.#blockOf(event);
    const delta = knownDelta(event.delta);
    if (delta === undefined) return [];
    if (block === undefined) {
      const index = JSON.stringify(event.index);
      throw new StreamProtocolError(
        `a content_block_delta for index ${index}, which was never started`,
      );
    }
    if (!block.isOpen) return [{ ...event, index: block.place }];
    if (!block.accepts(delta)) return [];
    const whole = block.joined(delta);
    block.start = undefined;
    const isSame = whole.length === 1 && whole[0] === event.delta && block.place === event.index;
    const isPlain = isSame && this.#isStarted && block.isPlain(delta);
    this.plainIndex = isPlain ? block.place : undefined;
    this.plainType = delta.type;
    if (isSame) return [event];
    return whole.map((delta) => ({ ...event, index: block.place, delta }));
  }

  blockStop(event: UntypedEvent): UntypedEvent[] {
    const block = this.#blockOf(event);
    if (!block?.isOpen) return [];
    return this.#close(block, event);
  }

  messageDelta(event: UntypedEvent): UntypedEvent[] {
    return [this.#known.delta(event)];
  }

  messageStop(event: UntypedEvent): UntypedEvent[] {
    const open = this.#order.filter((block) => block.isOver(this.#known.stop.stop_reason));
    return [...open.flatMap((block) => this.#close(block)), event];
  }

  /** Without an index, the last block is meant. */
  #blockOf({ index }: UntypedEvent): OpenBlock | undefined {
    return index == null ? this.#order.at(-1) : this.#blocks.get(toIndex(index) as number);
  }

  #place(index: number): OpenBlock {
    const isFree = !this.#blocks.has(index) && !this.#moved?.has(index);
    const place = isFree ? index : this.#next;
    if (!isFree) {
      this.#moved ??= new Set();
      this.#moved.add(place);
    }
    const block = new OpenBlock(index, place);
    this.#isOrdered &&= place >= this.#next;
    this.#order.push(block);
    this.#next = Math.max(this.#next, place + 1);
    this.#blocks.set(index, block);
    return block;
  }

  #close(block: OpenBlock, event: UntypedEvent = { type: 'content_block_stop' }): UntypedEvent[] {
    const { place } = block;
    const rest = this.#rest(block);
    block.isOpen = false;
    block.start = undefined;
    return [...rest, event.index === place ? event : { ...event, index: place }];
  }

  #rest(block: OpenBlock): UntypedEvent[] {
    this.plainIndex = undefined;
    return block.rest().map((delta) => toDelta(block.place, delta));
  }
}

type Rule = (events: Normalizer, event: UntypedEvent) => UntypedEvent[];

const ofMessage =
  (rule: Rule): Rule =>
  (events, event) => {
    events.checkStart(event);
    return rule(events, event);
  };

const rules: ReadonlyMap<string, Rule> = /* @__PURE__ */ new Map<string, Rule>([
  ['message_start', (events, event) => events.messageStart(event)],
  ['content_block_start', (events, event) => events.ofBlock(events.blockStart(event))],
  ['content_block_delta', (events, event) => events.ofBlock(events.delta(event))],
  ['content_block_stop', (events, event) => events.ofBlock(events.blockStop(event))],
  ['message_delta', ofMessage((events, event) => events.messageDelta(event))],
  ['message_stop', ofMessage((events, event) => events.messageStop(event))],
]);

/** An index, which may be a text. */
function toIndex(index: unknown): unknown {
  return typeof index === 'string' && /^\d{1,9}$/.test(index) ? Number(index) : index;
}

function toDelta(index: number, delta: UntypedDelta): UntypedEvent {
  return { type: 'content_block_delta', index, delta };
}
