import { createHash, randomUUID } from 'node:crypto';
import type { Relay } from '../../relay/index.js';
import type { Caller } from './caller.js';

/** The header that names a stream to its caller. */
export const STREAM_HEADER = 'x-millrace-stream';

/** The id in the relay of a stream that a caller names. */
export function relayId({ scope }: Pick<Caller, 'scope'>, name: string): string {
  return `${scope}/${name}`;
}

/**
 * The name of a new stream: random, or by the idempotency key of the request. A stream that has failed isn't
 * followed: the retry begins another.
 */
export async function streamName(
  relay: Relay,
  caller: Caller,
  idempotencyKey: string | undefined,
): Promise<string> {
  if (idempotencyKey === undefined) return randomUUID();
  const hash = createHash('sha256').update(idempotencyKey).digest('hex').slice(0, 32);
  for (let retry = 0; ; retry++) {
    const name = retry === 0 ? hash : `${hash}-${retry}`;
    const { state } = await relay.status(relayId(caller, name));
    if (state !== 'failed' && state !== 'stopped') return name;
  }
}
