import { LONGEST_TIMER_MS } from '../transport/clock.js';
import { type Engine, type Entry, indexAfter, toAppend } from './engine.js';
import { Watchers } from './watchers.js';

/**
 * Keeps logs in the memory of this process: streams outlive connections, but not the process. Relays that
 * share one engine see the same streams.
 */
export function memoryEngine(): Engine {
  const logs = new Map<string, Log>();
  const watchers = new Watchers();
  const keep = (id: string, log: Log, ttl: number): void => {
    clearTimeout(log.expiry);
    log.expiry = setTimeout(() => logs.delete(id), Math.min(ttl, LONGEST_TIMER_MS));
    // A log that waits to expire must not keep the process alive.
    (log.expiry as { unref?: () => void }).unref?.();
  };
  return {
    async append(id, at, payloads, { ttl, end }) {
      const log = logs.get(id) ?? { entries: [], leaseUntil: 0, expiry: undefined };
      const after = log.entries.at(-1);
      const { outcome, entries } = toAppend(after, at, payloads, end);
      if (outcome !== 'ok' || entries.length === 0) return outcome;
      log.entries.push(...entries);
      logs.set(id, log);
      if (at.seq === 0 || end !== undefined) keep(id, log, ttl);
      watchers.wake(id, { after, entries });
      return outcome;
    },
    async read(id, after, max) {
      const { entries } = logs.get(id) ?? { entries: [] };
      const from = after === undefined ? 0 : indexAfter(entries, after);
      return entries.slice(from, from + max);
    },
    watch: (id, wake) => watchers.add(id, wake),
    async beat(id, epoch, lease, ttl) {
      const log = logs.get(id);
      const top = log?.entries.at(-1);
      if (log === undefined || top === undefined || top.epoch > epoch) return false;
      log.leaseUntil = performance.now() + lease;
      keep(id, log, ttl);
      return true;
    },
    async alive(id) {
      return Math.max(0, (logs.get(id)?.leaseUntil ?? 0) - performance.now());
    },
    async remove(id) {
      clearTimeout(logs.get(id)?.expiry);
      logs.delete(id);
    },
  };
}

interface Log {
  entries: Entry[];
  leaseUntil: number;
  expiry: ReturnType<typeof setTimeout> | undefined;
}
