import { type ClientOptions, changed, settle } from './options.js';
import { type Beta, createMessages, type GA, type Messages } from './resources/messages.js';

/** A client of the Claude Messages API. Cheap to make; keep one for its connections. */
export class Anthropic {
  /** The Messages API. */
  readonly messages: Messages<GA>;
  /** The same with the beta types, and the param `betas`. */
  readonly beta: { readonly messages: Messages<Beta> };
  readonly #options: ClientOptions;

  /** @throws AnthropicError when an option makes no sense. */
  constructor(options: ClientOptions = {}) {
    this.#options = options;
    const settings = settle(options);
    this.messages = createMessages<GA>(settings);
    this.beta = { messages: createMessages<Beta>(settings) };
  }

  /**
   * A client with some options changed. A new credential takes the place of the old one.
   * @throws AnthropicError when an option makes no sense.
   */
  withOptions(options: ClientOptions): Anthropic {
    return new Anthropic(changed(this.#options, options));
  }
}
