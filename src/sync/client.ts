import { APIUserAbortError } from '../errors.js';
import { mergeOptions, resolveOptions } from '../options.js';
import type { Beta, GA } from '../resources/edition.js';
import { sinksOf } from '../trace/instruments.js';
import { CLIENT_CLOSED } from '../transport/on-abort.js';
import type { ResolvedOptions } from '../transport/options.js';
import { createSyncMessages, type SyncBetaMessages, type SyncMessages } from './messages.js';
import { createSyncModels, type SyncModels } from './models.js';
import { assertTransferable, type SyncClientOptions } from './options.js';
import { assertSupported } from './runtime-support.js';
import { toSettingsData } from './serialize.js';
import { Thread } from './thread.js';
import { threadCalls } from './thread-calls.js';

/**
 * A client of the Claude Messages API that blocks: `Anthropic` without promises, for scripts. While it
 * waits, this thread does nothing else, so it is not for servers.
 *
 * A worker thread sends its requests. It starts with the first request and stays: keep one client. It
 * doesn't keep the process alive.
 */
export class SyncAnthropic implements Disposable {
  /** The Messages API. */
  readonly messages: SyncMessages;
  /** The models, and what they can do. */
  readonly models: SyncModels;
  /** The same with the beta types, and the param `betas`. */
  readonly beta: { readonly messages: SyncBetaMessages };
  readonly #options: SyncClientOptions;
  readonly #settings: ResolvedOptions;
  #latest: Thread | undefined;
  #isClosed = false;

  /** @throws AnthropicError for an option that is invalid here, or on a runtime that can't block. */
  constructor(options: SyncClientOptions = {}) {
    assertSupported();
    assertTransferable(options);
    this.#options = options;
    this.#settings = { ...resolveOptions(options), sinks: sinksOf(this) };
    const calls = threadCalls(this.#thread, this.#settings);
    this.messages = createSyncMessages<GA>(calls, this.#settings);
    this.models = createSyncModels(calls);
    this.beta = { messages: createSyncMessages<Beta>(calls, this.#settings) };
  }

  /**
   * A client with some options changed, and its own thread. A new credential replaces the old one.
   * @throws AnthropicError for an option that is invalid here.
   */
  withOptions(options: SyncClientOptions): SyncAnthropic {
    return new SyncAnthropic(mergeOptions(this.#options, options));
  }

  /**
   * Ends the thread and every open request: readers that continue get what had arrived, then
   * APIUserAbortError, and so do later requests. Clients made of it by `withOptions` stay open.
   * Idempotent.
   */
  close(): void {
    this.#isClosed = true;
    this.#latest?.end(new APIUserAbortError(CLIENT_CLOSED));
  }

  /** `close()`, for `using`. */
  [Symbol.dispose](): void {
    this.close();
  }

  /** The thread, started at the first need, and again after a crash. */
  readonly #thread = (): Thread => {
    if (this.#isClosed) throw new APIUserAbortError(CLIENT_CLOSED);
    if (this.#latest === undefined || this.#latest.isOver) {
      this.#latest = new Thread(toSettingsData(this.#settings));
    }
    return this.#latest;
  };
}
