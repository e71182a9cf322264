import type { HandleContext } from '../handle-context.js';
import type { HeldLog } from '../log-source.js';
import { conflictError, missingError } from '../log-writer.js';
import { createdOf } from './created.js';
import type { Created } from './payloads.js';

/** How long the log of a stream is held after a request, in milliseconds: the next one needs no read. */
const LINGER_MS = 5_000;

/**
 * The log of a stream, as it is in the store now: one that was created by PUT expires and is removed without a trace
 * in its log.
 * @throws NotFoundError (rejects) where there is none.
 */
export async function openNow(context: HandleContext): Promise<HeldLog> {
  const log = await context.open();
  if (createdOf(log.replica) === undefined) return log;
  const [first] = await context.settings.engine.read(context.id, undefined, 1);
  if (first?.payload === log.replica.entries[0]?.payload) return lingering(log);
  log.release();
  log.replica.fail(missingError(context.id));
  context.forget();
  return lingering(await context.open());
}

/** The same for a stream that must have been created by PUT. @throws ConflictError (rejects) for another one. */
export async function openCreated(context: HandleContext): Promise<HeldLog & { created: Created }> {
  const log = await openNow(context);
  const created = createdOf(log.replica);
  if (created !== undefined) return { ...log, created };
  log.release();
  throw conflictError('this stream has a producer: it can be followed and stopped');
}

/** How long a created stream is kept from now on, in milliseconds. */
export function lifetimeMs({ settings }: HandleContext, { ttl, expiresAt }: Created): number {
  if (expiresAt !== undefined) return Math.max(1, Date.parse(expiresAt) - Date.now());
  return ttl === undefined ? settings.ttl : Math.max(1, ttl * 1_000);
}

function lingering({ replica, release }: HeldLog): HeldLog {
  const later = (): void => {
    const timer = setTimeout(release, LINGER_MS);
    // It must not keep the process alive.
    (timer as { unref?: () => void }).unref?.();
  };
  return { replica, release: later };
}
