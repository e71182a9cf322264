import { newId, type RelayContext } from './contexts.js';
import { fanOut } from './fan-out.js';
import { outcomeOf } from './outcome.js';

/**
 * Tells who listens that a relayed stream is produced from now on.
 * @returns a function to call once at the end; undefined where nothing listens.
 */
export function traceRelay(
  epoch: number,
): ((requestId: string | undefined, error?: Error) => void) | undefined {
  const told = fanOut({ observe: undefined });
  if (told === undefined) return undefined;
  const context: RelayContext = { relayId: newId('rel'), epoch };
  const since = performance.now();
  told.tell((sink) => sink.begun?.('relay', context));
  return (requestId, error) => {
    const ms = Math.round(performance.now() - since);
    Object.assign(context, { ms, requestId, outcome: outcomeOf(error) });
    if (error !== undefined) context.error = error;
    told.tell((sink) => sink.ended?.('relay', context));
  };
}
