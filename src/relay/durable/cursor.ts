/** The cursors of the protocol count intervals of 20 s since then (section 10.1). */
const EPOCH_MS = Date.UTC(2024, 9, 9);
const INTERVAL_MS = 20_000;
/** How far a cursor that was sent back moves on at most. */
const MAX_STEPS = 180;

/**
 * The cursor of a response, by which caches collapse requests. It is never the one that was sent: a client would
 * get the same cached response forever.
 */
export function nextCursor(
  sent: string | null,
  now: number = Date.now(),
  random: number = Math.random(),
): string {
  const current = Math.floor((now - EPOCH_MS) / INTERVAL_MS);
  const last = /^\d{1,15}$/.test(sent ?? '') ? Number(sent) : -1;
  return String(last < current ? current : last + 1 + Math.floor(random * MAX_STEPS));
}
