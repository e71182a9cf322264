/**
 * The names of `@anthropic-ai/sdk` over millrace.
 * @module millrace-anthropic-sdk
 */
export { Anthropic, Anthropic as default, BaseAnthropic } from './client.js';
export { APIPromise } from './core/api-promise.js';
export * from './core/error.js';
export { PagePromise } from './core/pagination.js';
export { toFile, type Uploadable } from './core/uploads.js';
export { BetaFallbackState, betaRefusalFallbackMiddleware } from './lib/middleware.js';
export type {
  AutoParseableOutputFormat,
  ExtractParsedContentFromParams,
  ParseableMessageCreateParams,
  ParsedContentBlock,
  ParsedMessage,
} from './lib/parser.js';
export type { ClientOptions, Logger, LogLevel, RequestOptions } from './options.js';
