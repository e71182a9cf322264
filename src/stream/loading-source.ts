import type { AnthropicError } from '../errors.js';
import { PENDING, type Poll, toPoll, type Wake } from '../pull/poll.js';
import type { Deadline } from '../transport/deadline.js';
import type { ResponseHead } from '../transport/port.js';
import type { EventSource, Next } from './source.js';

/**
 * A request whose events go through code that is loaded while it is under way. No event is read before
 * the code is there: it must not be missing later, when the network may be gone.
 */
export class LoadingSource implements EventSource {
  readonly #request: EventSource;
  readonly #load: () => Promise<EventSource>;
  readonly #deadline: Deadline;
  #loading: ((wake: Wake) => Poll<EventSource>) | undefined;
  #loaded: EventSource | undefined;

  /** @param deadline limits the wait for the code. */
  constructor(request: EventSource, load: () => Promise<EventSource>, deadline: Deadline) {
    this.#request = request;
    this.#load = load;
    this.#deadline = deadline;
  }

  connect(wake: Wake): Poll<ResponseHead> {
    this.#loading ??= toPoll(this.#load());
    return this.#request.connect(wake);
  }

  next(wake: Wake): Poll<Next> {
    if (this.#loaded === undefined) {
      if (this.#loading === undefined) this.#begin();
      const loaded = (this.#loading as (wake: Wake) => Poll<EventSource>)(wake);
      if (loaded === PENDING) return PENDING;
      this.#loaded = loaded;
    }
    return this.#loaded.next(wake);
  }

  cancel(reason: AnthropicError): void {
    this.#deadline.clear();
    (this.#loaded ?? this.#request).cancel(reason);
  }

  /** Sends the request now. Its failure is reported by the loaded source. */
  #begin(): void {
    try {
      this.connect(() => {});
    } catch {}
  }
}
