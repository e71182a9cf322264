import type { AnthropicError } from '../errors.js';
import { type MaybeLater, tell, type Waiting } from '../transport/later.js';
import type { ResponseHead } from '../transport/port.js';
import { quiet } from './quiet.js';
import { type EventSource, type Next, promisedNext } from './source.js';

/**
 * A request whose events go through code that is loaded while it is under way. No event is read before
 * the code is there: what it is for must not be missing later, when the network may be gone.
 */
export class LoadingSource implements EventSource {
  readonly #request: EventSource;
  readonly #load: () => Promise<EventSource>;
  #loading: Promise<EventSource> | undefined;
  #loaded: EventSource | undefined;

  constructor(request: EventSource, load: () => Promise<EventSource>) {
    this.#request = request;
    this.#load = load;
  }

  connect(): Promise<ResponseHead> {
    this.#loading ??= quiet(this.#load());
    return this.#request.connect();
  }

  next(waiting: Waiting<Next>): MaybeLater<Next> {
    return this.#loaded === undefined ? tell(this.#first(), waiting) : this.#loaded.next(waiting);
  }

  cancel(reason: AnthropicError): void {
    (this.#loaded ?? this.#request).cancel(reason);
  }

  async #first(): Promise<Next> {
    quiet(this.connect()); // The failure comes from the loaded source.
    this.#loaded = await this.#loading;
    return promisedNext(this);
  }
}
