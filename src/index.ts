/**
 * The client, its streams, its errors, and the types of the API.
 * @module millrace
 */
export { Anthropic, Anthropic as default } from './client.js';
export {
  AnthropicError,
  APIConnectionError,
  APIError,
  type APIErrorDetails,
  APIStatusError,
  APITimeoutError,
  APIUserAbortError,
  AuthenticationError,
  BadRequestError,
  ConflictError,
  type ErrorContext,
  InternalServerError,
  NotFoundError,
  OverloadedError,
  PaymentRequiredError,
  PermissionDeniedError,
  RateLimitError,
  RequestTimeoutError,
  RequestTooLargeError,
  StreamProtocolError,
  StreamTruncatedError,
  type TimeoutPhase,
  UnprocessableEntityError,
} from './errors.js';
export type { JsonPath } from './json/path.js';
export { accumulate } from './message/accumulate.js';
export { replay } from './message/replay.js';
export { toMessageParam } from './message/to-message-param.js';
export { type ToolInput, toolInput } from './message/tool-input.js';
export type { Observation, Observer } from './observe.js';
export type { ClientOptions } from './options.js';
export type { DeepPartial } from './output/deep-partial.js';
export { OutputError, type OutputErrorDetails } from './output/output-error.js';
export { type OutputFormat, outputFormat } from './output/output-format.js';
export { OutputMessageStream } from './output/output-message-stream.js';
export type { OutputStream } from './output/output-stream.js';
export type { RateLimit, RateLimitWindow } from './rate-limit.js';
export type { Beta, Edition, GA, Messages } from './resources/messages.js';
export type { ResponsePromise, WithResponse } from './resources/response-promise.js';
export type { JsonSchema } from './schema/json-schema.js';
export type { Schema } from './schema/schema.js';
export type { SchemaIssue, StandardResult, StandardSchema } from './schema/standard-schema.js';
export type { ServerSentEvent } from './sse/decoder.js';
export type { StreamAttempt } from './stream/attempt-log.js';
export type { MessageStreamListeners, RestartInfo } from './stream/listeners.js';
export { MessageStream } from './stream/message-stream.js';
export type { StreamOptions } from './stream/open-source.js';
export type { RecoverInfo, RecoverOptions, RecoveryMode } from './stream/recover/options.js';
export { Stream } from './stream/stream.js';
export type { CutBy, MinLength } from './text/cut-by.js';
export { type SmoothOptions, smooth } from './text/smooth.js';
export type { RunnerEvent } from './tools/events-of.js';
export { MaxTurnsError } from './tools/max-turns-error.js';
export type { Approve, ToolCall } from './tools/run-call.js';
export type { RunnerOptions, RunnerParams, RunnerTool } from './tools/runner-options.js';
export {
  type RunnableServerTool,
  type RunnableTool,
  type ServerToolDefinition,
  type ToolContext,
  type ToolDefinition,
  type ToolInputSchema,
  type ToolReturn,
  tool,
} from './tools/tool.js';
export { ToolError } from './tools/tool-error.js';
export type {
  ToolEvent,
  ToolResultEvent,
  ToolStartEvent,
  ToolUpdateEvent,
} from './tools/tool-events.js';
export { ToolRunner } from './tools/tool-runner.js';
export type { Clock } from './transport/clock.js';
export type { Timeout, Timeouts } from './transport/deadline.js';
export type { Fetch } from './transport/fetch.js';
export type { RetryInfo } from './transport/retry.js';
export type { HeaderOptions, RequestOptions } from './transport/settings.js';
export type * from './wire/beta.js';
export type * from './wire/beta-params.js';
export type * from './wire/blocks.js';
export type * from './wire/citations.js';
export type * from './wire/content-params.js';
export type * from './wire/deltas.js';
export type * from './wire/errors.js';
export type * from './wire/events.js';
export type * from './wire/message.js';
export type * from './wire/model.js';
export type * from './wire/open.js';
export type * from './wire/params.js';
export type * from './wire/server-tool-results.js';
export type * from './wire/tools.js';
export type * from './wire/usage.js';
