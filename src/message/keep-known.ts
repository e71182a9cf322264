import { isRecord } from '../json/is-record.js';
import { setOwn } from '../json/set-own.js';

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
