import { bindContext } from '../async-context.js';
import type { ResolvedOptions } from './options.js';

/**
 * The options for the requests of a call that is made now: what the caller passed in (`apiKey`, `observe`,
 * `fetch`) runs in the async context of this call, whichever reader the request goes out for.
 */
export function inCallContext(settings: ResolvedOptions): ResolvedOptions {
  const { credentials, transport, observe } = settings;
  const inContext = bindContext(<T>(work: () => T): T => work());
  return {
    ...settings,
    credentials: () => inContext(credentials),
    transport: (request, signal) => inContext(() => transport(request, signal)),
    observe: observe && ((observation) => inContext(() => observe(observation))),
  };
}
