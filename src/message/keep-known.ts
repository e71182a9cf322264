import { isRecord } from '../json/is-record.js';
import { setOwn } from '../json/set-own.js';
import type { UntypedEvent, UntypedMessage } from './untyped.js';

/** Fields as they come, but what null, zero and an empty text would take back stays. @param known is updated. */
export function keepKnown(known: Record<string, unknown>, now: unknown): unknown {
  if (!isRecord(now)) return now;
  const kept = filled(known, now) as Record<string, unknown>;
  for (const key of Object.keys(kept)) setOwn(known, key, kept[key]);
  return kept;
}

function filled(before: unknown, now: unknown): unknown {
  if (now == null || now === 0 || now === '') return before ?? now;
  if (!isRecord(before) || !isRecord(now)) return now;
  let kept = now;
  for (const key of Object.keys(now)) {
    if (!Object.hasOwn(before, key)) continue;
    const value = filled(before[key], now[key]);
    if (value === now[key]) continue;
    if (kept === now) kept = { ...now };
    setOwn(kept, key, value);
  }
  return kept;
}

/** The stop fields and the usage of a message, as far as they came. */
export class KnownFields {
  readonly stop: Record<string, unknown> = {};
  readonly #usage: Record<string, unknown> = {};

  start({ stop_reason, stop_sequence, stop_details, usage }: UntypedMessage): void {
    keepKnown(this.stop, { stop_reason, stop_sequence, stop_details });
    keepKnown(this.#usage, usage);
  }

  /** @returns a `message_delta` that takes nothing back. */
  delta(event: UntypedEvent): UntypedEvent {
    const delta = keepKnown(this.stop, event.delta);
    const usage = keepKnown(this.#usage, event.usage);
    const isSame = delta === event.delta && usage === event.usage;
    return isSame ? event : { ...event, delta, usage };
  }
}
