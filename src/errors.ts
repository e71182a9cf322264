/* Every error that millrace throws. */
export {
  AnthropicError,
  addContext,
  asAnthropicError,
  type ErrorContext,
} from './errors/anthropic-error.js';
export { APIError, type APIErrorDetails } from './errors/api-error.js';
export * from './errors/status-errors.js';
export * from './errors/stream-errors.js';
