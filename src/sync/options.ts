import { AnthropicError } from '../errors.js';
import type { ClientOptions } from '../options.js';
import type { StreamOptions } from '../stream/open-source.js';
import type { ToolCall } from '../tools/run-call.js';
import type { RunnerOptions } from '../tools/runner-options.js';
import type { RequestOptions } from '../transport/options.js';

/**
 * Options of a blocking client: those of `Anthropic` that can cross to another thread. Options that are
 * not set come from the environment, then from the defaults.
 */
export interface SyncClientOptions
  extends Omit<
    ClientOptions,
    'apiKey' | 'fetch' | 'agent' | 'inspect' | 'clock' | 'dangerouslyAllowBrowser'
  > {
  /** Sent in the header that `authHeader` says. Default: ANTHROPIC_API_KEY. */
  apiKey?: string | null | undefined;
}

/** Options of one blocking request; they override those of the client. */
export type SyncRequestOptions = Omit<RequestOptions, 'signal'>;

/** Options of one blocking stream. */
export type SyncStreamOptions = Omit<StreamOptions, 'signal'>;

/** Options of a blocking run. Request options apply to each of its requests. */
export interface SyncRunnerOptions
  extends SyncStreamOptions,
    Pick<RunnerOptions, 'maxTurns' | 'compact' | 'keepUnsignedThinking'> {
  /** For code that both clients use: calls run one after another here, whatever it says. */
  maxParallel?: number | undefined;
  /**
   * Runs a call as soon as its block is finished and the reader of the stream has come back for more,
   * instead of after the whole response. If the response breaks off or is refused later, the call has
   * run. Only while the stream has one reader. A function says of each call whether it is one that may run
   * early. Default false.
   */
  eager?: RunnerOptions['eager'];
  /**
   * Called before a tool runs, for a human in the loop, with valid input: true runs the call; false, or a
   * reason, denies it, and the model is told. An exception ends the run, and so does a promise.
   */
  approve?: ((call: ToolCall) => boolean | string) | undefined;
}

const OTHERWISE = "use Anthropic from 'millrace'";

/** Options that are refused, and what to do instead. What is listed in docs/blocking.md. */
const REFUSED: Readonly<Record<string, string>> = {
  apiKey: `give the key as a string, and client.withOptions({ apiKey }) when it changes; or ${OTHERWISE}`,
  signal: `nothing can fire it while this thread waits: give timeout: { total: ms }, or ${OTHERWISE}`,
  fetch: `requests go out with the platform's own transport: give baseURL for a gateway, or ${OTHERWISE}`,
  agent: `give baseURL for a gateway, or ${OTHERWISE}`,
  inspect: `run millrace inspect --upstream URL and give its baseURL, or ${OTHERWISE}`,
  clock: `give timeouts of some milliseconds to tests, or ${OTHERWISE}`,
  dangerouslyAllowBrowser: `no page may block: ${OTHERWISE}`,
};

/** Functions that stay on this thread. */
const STAYS: ReadonlySet<string> = new Set(['observe', 'approve', 'eager']);

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
