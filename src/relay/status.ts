import type { AnthropicError } from '../errors.js';
import { errorOf } from './ends.js';
import type { Engine } from './engine.js';
import { unreachableError, within } from './log-writer.js';
import type { Claim, End } from './payloads.js';

/** What is known of a stream. */
export interface StreamStatus {
  /**
   * `streaming`, or how it ended: `complete`, `failed`, `stopped`. `lost` has no producer now, and will be taken
   * over or ended by those who follow it. `missing` never existed, or has expired.
   */
  state: 'streaming' | End['state'] | 'lost' | 'missing';
  /** What it ended with; undefined for a complete message. */
  error?: AnthropicError;
}

/** Before END, and after any other entry. */
const BEFORE_END = { epoch: Number.MAX_SAFE_INTEGER, seq: 0 };

export async function statusOf(engine: Engine, id: string): Promise<StreamStatus> {
  try {
    return await within(10_000, look(engine, id));
  } catch (cause) {
    throw unreachableError(cause);
  }
}

async function look(engine: Engine, id: string): Promise<StreamStatus> {
  const [[first], [last], left] = await Promise.all([
    engine.read(id, undefined, 1),
    engine.read(id, BEFORE_END, 1),
    engine.alive(id),
  ]);
  if (first === undefined) return { state: 'missing' };
  const { created } = JSON.parse(first.payload) as Claim;
  const isProduced = left > 0 || created !== undefined;
  if (last === undefined) return { state: isProduced ? 'streaming' : 'lost' };
  const end = JSON.parse(last.payload) as End;
  const error = errorOf(end);
  return error === undefined ? { state: end.state } : { state: end.state, error };
}
