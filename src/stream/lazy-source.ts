import type { AnthropicError } from '../errors.js';
import { PENDING, type Poll, toPoll, type Wake } from '../pull/poll.js';
import type { Deadline } from '../transport/deadline.js';
import type { ResponseHead } from '../transport/port.js';
import type { EventSource, Next } from './source.js';

/** A source whose code is loaded at the first need. */
export class LazySource implements EventSource {
  readonly #load: () => Promise<EventSource>;
  readonly #deadline: Deadline | undefined;
  #loading: ((wake: Wake) => Poll<EventSource>) | undefined;
  #loaded: EventSource | undefined;

  /** @param deadline limits the wait for the code, where `load` does not. */
  constructor(load: () => Promise<EventSource>, deadline?: Deadline) {
    this.#load = load;
    this.#deadline = deadline;
  }

  connect(wake: Wake): Poll<ResponseHead> {
    const source = this.#source(wake);
    return source === PENDING ? PENDING : source.connect(wake);
  }

  next(wake: Wake): Poll<Next> {
    const source = this.#source(wake);
    return source === PENDING ? PENDING : source.next(wake);
  }

  cancel(reason: AnthropicError): void {
    this.#deadline?.clear();
    this.#loaded?.cancel(reason);
  }

  #source(wake: Wake): Poll<EventSource> {
    if (this.#loaded !== undefined) return this.#loaded;
    this.#loading ??= toPoll(this.#load());
    const source = this.#loading(wake);
    if (source !== PENDING) this.#loaded = source;
    return source;
  }
}
