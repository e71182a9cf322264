import { isRecord } from '../json/is-record.js';
import { setOwn } from '../json/set-own.js';
import { assignKnown, type UntypedEvent, type UntypedMessage } from './untyped.js';

/** A message whose usage can be changed. */
export interface MutableMessage extends UntypedMessage {
  usage: Record<string, unknown>;
}

/**
 * Applies a `message_delta` in place. Stop fields overwrite, null included; the container, usage counters
 * and top-level additions overwrite where they are not null. Counters are totals: they are never added up.
 */
export function applyMessageDelta(message: MutableMessage, event: UntypedEvent): void {
  const { usage } = message;
  assignStopFields(message, event.delta);
  assignAdditions(message, event);
  message.usage = usage;
  assignKnown(usage, event.usage);
}

/** Several `message_delta` events as one that does what all of them do. */
export class MergedMessageDelta {
  #event: UntypedEvent;
  /** Whether the event and what it contains are copies, which nothing else refers to. */
  #isOwn = false;

  constructor(first: UntypedEvent) {
    this.#event = first;
  }

  add(later: UntypedEvent): void {
    if (!this.#isOwn) this.#event = copyOf(this.#event);
    this.#isOwn = true;
    const event = this.#event as UntypedEvent & Record<'delta' | 'usage', Record<string, unknown>>;
    assignStopFields(event.delta, later.delta);
    assignKnown(event.usage, later.usage);
    assignAdditions(event, later);
  }

  /** The one event. It doesn't change later. */
  get event(): UntypedEvent {
    this.#isOwn = false;
    return this.#event;
  }
}

function copyOf(event: UntypedEvent): UntypedEvent {
  return { ...event, delta: fieldsOf(event.delta), usage: fieldsOf(event.usage) };
}

/** A copy; of anything but an object with fields, none. */
export function fieldsOf(value: unknown): Record<string, unknown> {
  return isRecord(value) ? { ...value } : {};
}

function assignStopFields(target: Record<string, unknown>, delta: unknown): void {
  if (!isRecord(delta)) return;
  for (const field of Object.keys(delta)) {
    if (field !== 'container' || delta.container != null) setOwn(target, field, delta[field]);
  }
}

const OWN_RULES: ReadonlySet<string> = /* @__PURE__ */ new Set(['type', 'delta', 'usage']);

/** What the API may add at the top level later. */
function assignAdditions(target: Record<string, unknown>, event: UntypedEvent): void {
  for (const field of Object.keys(event)) {
    if (!OWN_RULES.has(field) && event[field] != null) setOwn(target, field, event[field]);
  }
}
