import { isRecord } from '../../json/is-record.js';
import { setOwn } from '../../json/set-own.js';

/**
 * What several requests used together: counters add up, also in nested tables; lists follow each
 * other; anything else is that of the later request, unless it says nothing.
 */
export function addUsage(earlier: unknown, later: unknown): unknown {
  if (typeof earlier === 'number' && typeof later === 'number') return earlier + later;
  if (Array.isArray(earlier) && Array.isArray(later)) return [...earlier, ...later];
  if (!isRecord(earlier) || !isRecord(later)) return later ?? earlier;
  const sum: Record<string, unknown> = { ...earlier };
  for (const [counter, value] of Object.entries(later))
    setOwn(sum, counter, addUsage(Object.hasOwn(sum, counter) ? sum[counter] : undefined, value));
  return sum;
}
