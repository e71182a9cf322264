import { AnthropicError, APIUserAbortError } from '../errors.js';
import { mergeOptions, resolveOptions } from '../options.js';
import type { Beta, GA } from '../resources/messages.js';
import type { ResolvedOptions } from '../transport/options.js';
import { createSyncMessages, type SyncBetaMessages, type SyncMessages } from './messages.js';
import { assertTransferable, type SyncClientOptions } from './options.js';
import { assertSupported } from './runtime-support.js';
import { toSettingsData } from './serialize.js';
import { Thread } from './thread.js';

/**
 * A client of the Claude Messages API that blocks: `Anthropic` without promises, for scripts. While it
 * waits this thread does nothing else, so it is not for servers.
 *
 * Its requests are sent by a thread of its own, which starts with the first of them and stays: keep one
 * client. It keeps no process alive.
 */
export class SyncAnthropic implements Disposable {
  /** The Messages API. */
  readonly messages: SyncMessages;
  /** The same with the beta types, and the param `betas`. */
  readonly beta: { readonly messages: SyncBetaMessages };
  readonly #options: SyncClientOptions;
  readonly #settings: ResolvedOptions;
  #latest: Thread | undefined;
  #isDisposed = false;

  /** @throws AnthropicError when an option makes no sense here, or this runtime cannot block. */
  constructor(options: SyncClientOptions = {}) {
    assertSupported();
    assertTransferable(options);
    this.#options = options;
    this.#settings = resolveOptions(options);
    this.messages = createSyncMessages<GA>(this.#settings, this.#thread);
    this.beta = { messages: createSyncMessages<Beta>(this.#settings, this.#thread) };
  }

  /**
   * A client with some options changed, and a thread of its own. A new credential takes the place of
   * the old one.
   * @throws AnthropicError when an option makes no sense here.
   */
  withOptions(options: SyncClientOptions): SyncAnthropic {
    return new SyncAnthropic(mergeOptions(this.#options, options));
  }

  /**
   * Ends the thread and every request that is open: readers that go on get what had come, and then
   * APIUserAbortError.
   */
  [Symbol.dispose](): void {
    this.#isDisposed = true;
    this.#latest?.end(new APIUserAbortError('the client was disposed'));
  }

  /** The thread, started at the first need, and anew after one that broke. */
  readonly #thread = (): Thread => {
    if (this.#isDisposed) {
      throw new AnthropicError('this client was disposed: make another, new SyncAnthropic()');
    }
    if (this.#latest === undefined || this.#latest.isOver) {
      const { observe } = this.#settings;
      this.#latest = new Thread(toSettingsData(this.#settings), observe);
    }
    return this.#latest;
  };
}
