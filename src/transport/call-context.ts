import { bindContext } from '../async-context.js';
import type { ResolvedOptions } from './options.js';

/**
 * The options for the requests of a call that is made now: what the caller passed in (`apiKey`, `fetch`) runs
 * in the async context of this call, whichever reader the request goes out for.
 */
export function inCallContext(settings: ResolvedOptions): ResolvedOptions {
  const { credentials, transport } = settings;
  return {
    ...settings,
    credentials: typeof credentials === 'function' ? bindContext(credentials) : credentials,
    transport: bindContext(transport),
  };
}
