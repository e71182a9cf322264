/**
 * One small reader, for pages that only read a stream.
 * @module millrace/read
 */
export {
  AnthropicError,
  APIConnectionError,
  APIError,
  APIStatusError,
  APITimeoutError,
  APIUserAbortError,
  AuthenticationError,
  BadRequestError,
  ClientClosedRequestError,
  ConflictError,
  GatewayTimeoutError,
  InternalServerError,
  NotFoundError,
  NotImplementedError,
  OverloadedError,
  PaymentRequiredError,
  PermissionDeniedError,
  PreconditionFailedError,
  ProducerLostError,
  RateLimitError,
  RequestHeaderFieldsTooLargeError,
  RequestTimeoutError,
  RequestTooLargeError,
  ServiceUnavailableError,
  StreamProtocolError,
  StreamTruncatedError,
  UnprocessableEntityError,
} from '../errors.js';
export type { AnyMessage, BetaMessage, Message, MessageStreamEvent } from '../wire/api.js';
export { type MessageReader, type ReadOptions, read } from './read.js';
