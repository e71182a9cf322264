import { AnthropicError } from '../core/error.js';

const REMEDY =
  'send the param `fallbacks` with client.beta.messages, and the API falls back by itself';

/** An import of the name must not fail; a call must not do nothing. @throws AnthropicError always. */
export function betaRefusalFallbackMiddleware(): never {
  throw new AnthropicError(
    `betaRefusalFallbackMiddleware is not supported over millrace: ${REMEDY}`,
  );
}

/** The same. */
export class BetaFallbackState {
  /** @throws AnthropicError always. */
  constructor() {
    throw new AnthropicError(`BetaFallbackState is not supported over millrace: ${REMEDY}`);
  }
}
