import { asAnthropicError } from '../errors.js';
import type { RelayTrace } from '../trace/relay-trace.js';
import type { HeldStream } from './held-stream.js';
import type { HeldStreams } from './held-streams.js';
import type { RelaySettings } from './options.js';
import type { ParamsStore } from './params-store.js';
import type { Claim } from './payloads.js';
import type { Produced } from './producer.js';
import { randomTag } from './wire-id.js';

/** What the first producer of a stream needs of its relay. */
export interface FirstTurnSettings extends Pick<RelaySettings, 'engine' | 'lease' | 'ttl'> {
  params: ParamsStore;
  streams: HeldStreams;
}

/** The first turn at a stream. */
export interface FirstTurn {
  claim: Omit<Claim, 'tag'>;
  /** For a process that takes over, as JSON. */
  params?: string;
  /** Called once the stream is claimed. @returns `over` is called when the turn is over. */
  begin: () => { source: Produced; trace: RelayTrace | undefined; over?: () => void };
}

/**
 * Claims a stream that is new, and begins to produce it.
 * @returns false where there is a stream with its id: nothing has begun.
 */
export async function takeFirstTurn(
  { engine, lease, ttl, params, streams }: FirstTurnSettings,
  held: HeldStream,
  turn: FirstTurn,
): Promise<boolean> {
  const { id } = held;
  const claim = JSON.stringify({ tag: randomTag(), ...turn.claim } satisfies Claim);
  const outcome = await engine.append(id, { epoch: 1, seq: 0 }, [claim], { ttl });
  if (outcome !== 'ok') return false;
  held.begin(claim);
  // Before the rest is stored: the API takes longer than the store.
  const { source, trace, over } = turn.begin();
  void streams.produce(held, { epoch: 1, source, trace }).finally(over);
  try {
    await Promise.all([
      engine.beat(id, 1, lease, ttl),
      turn.params !== undefined && params.keep(id, turn.params),
    ]);
  } catch (error) {
    held.producer?.fail(asAnthropicError(error));
    throw error;
  }
  return true;
}
