import { AnthropicError } from '../errors.js';
import type { ClientOptions } from '../options.js';
import type { StreamOptions } from '../stream/open-source.js';
import type { RequestOptions } from '../transport/options.js';

/**
 * Options of a blocking client: those of `Anthropic` that can cross to another thread. Options that are
 * not set come from the environment, then from the defaults.
 */
export interface SyncClientOptions
  extends Omit<ClientOptions, 'apiKey' | 'fetch' | 'agent' | 'clock' | 'dangerouslyAllowBrowser'> {
  /** Sent as `authorization: Bearer`. Default: ANTHROPIC_API_KEY. */
  apiKey?: string | null | undefined;
}

/** Options of one blocking request; they override those of the client. */
export type SyncRequestOptions = Omit<RequestOptions, 'signal'>;

/** Options of one blocking stream. */
export type SyncStreamOptions = Omit<StreamOptions, 'signal'>;

/** Options that are refused whatever their value, and what to do instead. */
const REFUSED: Readonly<Record<string, string>> = {
  fetch: '',
  agent: '',
  clock: '',
  signal: 'nothing can fire it while this thread waits; give timeout: { total: ms }, or ',
};

/** Functions that stay on this thread. */
const STAYS: ReadonlySet<string> = new Set(['observe']);

/** @throws AnthropicError when an option cannot cross to another thread. */
export function assertTransferable(options: object): void {
  for (const [name, value] of Object.entries(options)) {
    if (value === undefined || STAYS.has(name)) continue;
    if (!(name in REFUSED) && typeof value !== 'function') continue;
    const what = name in REFUSED ? name : `${name} as a function`;
    throw new AnthropicError(
      `${what} cannot cross to the thread that sends the requests of SyncAnthropic: ` +
        `${REFUSED[name] ?? ''}use Anthropic from 'millrace'`,
    );
  }
}
