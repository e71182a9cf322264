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

const OTHERWISE = "use Anthropic from 'millrace'";

/** Options that are refused, and what to do instead. What is listed in docs/blocking.md. */
const REFUSED: Readonly<Record<string, string>> = {
  apiKey: `give the key as a string, and client.withOptions({ apiKey }) when it changes; or ${OTHERWISE}`,
  signal: `nothing can fire it while this thread waits: give timeout: { total: ms }, or ${OTHERWISE}`,
  fetch: `requests go out with the platform's own transport: give baseURL for a gateway, or ${OTHERWISE}`,
  agent: `give baseURL for a gateway, or ${OTHERWISE}`,
  clock: `give timeouts of some milliseconds to tests, or ${OTHERWISE}`,
  dangerouslyAllowBrowser: `no page may block: ${OTHERWISE}`,
};

/** Functions that stay on this thread. */
const STAYS: ReadonlySet<string> = new Set(['observe']);

/** A key is data, unless it is a function. */
const DATA: ReadonlySet<string> = new Set(['apiKey']);

/** @throws AnthropicError when an option cannot cross to another thread. */
export function assertTransferable(options: object): void {
  for (const [name, value] of Object.entries(options)) {
    if (value === undefined || STAYS.has(name)) continue;
    const isRefused = name in REFUSED && !DATA.has(name);
    if (!isRefused && typeof value !== 'function') continue;
    const what = isRefused ? name : `${name} as a function`;
    throw new AnthropicError(
      `${what} cannot cross to the thread that sends the requests of SyncAnthropic: ` +
        `${REFUSED[name] ?? OTHERWISE}`,
    );
  }
}
