/**
 * The client, its streams, its errors, and the types of the API.
 * @module millrace
 */
export { Anthropic, Anthropic as default } from './client.js';
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
} from './errors.js';
export { accumulate } from './message/accumulate.js';
export { costOf, type ModelPrices, PRICES } from './message/cost-of.js';
export { textOf } from './message/text-of.js';
export { toEvents } from './message/to-events.js';
export { type MessageParamOptions, toMessageParam } from './message/to-message-param.js';
export { type ToolInput, toolInput } from './message/tool-input.js';
export type { Observation, Observer, Outcome } from './observe.js';
export type { ClientOptions } from './options.js';
export type { DeepPartial } from './output/deep-partial.js';
export type { OutputFormat } from './output/format.js';
export { OutputError } from './output/output-error.js';
export { outputFormat } from './output/output-format.js';
export type { OutputMessageStream } from './output/output-message-stream.js';
export type { OutputStream } from './output/output-stream.js';
export { toPrintable } from './printable.js';
export type { RateLimit, RateLimitWindow } from './rate-limit.js';
export type { BatchResults } from './resources/batch-results.js';
export type { Batches } from './resources/batches.js';
export type { BetaMessages, Messages } from './resources/messages.js';
export type { Models } from './resources/models.js';
export type { Page } from './resources/page.js';
export type { PagePromise } from './resources/plain-calls.js';
export type { ResponsePromise, WithResponse } from './resources/response-promise.js';
export type { Schema } from './schema/schema.js';
export type { SchemaIssue } from './schema/standard-schema.js';
export type { ServerSentEvent } from './sse/decoder.js';
export type { StreamAttempt } from './stream/attempt-log.js';
export type { ExposeOptions } from './stream/expose-options.js';
export type { OpenConnection } from './stream/follow/followed.js';
export type { MessageStreamListeners, RestartInfo } from './stream/listeners.js';
export { MessageStream } from './stream/message-stream.js';
export type { StreamOptions } from './stream/open-source.js';
export type { NodeResponse } from './stream/pipe-to.js';
export type { RecoverInfo, RecoverOptions } from './stream/recover/options.js';
export type { ErrorMapper, OnDisconnect, ToResponseOptions } from './stream/sse-response.js';
export { Stream } from './stream/stream.js';
export { type SmoothOptions, smooth } from './text/smooth.js';
export type { CompactOptions } from './tools/compact-options.js';
export { MaxTurnsError } from './tools/max-turns-error.js';
export { type MCPClient, mcpTools } from './tools/mcp-tools.js';
export type { RunParams } from './tools/next-turn-params.js';
export type { Run, RunToResponseOptions } from './tools/run.js';
export type { Approve, ToolCall, Verdict } from './tools/run-call.js';
export type { ParamsChange } from './tools/run-changes.js';
export type { RunnerEvent } from './tools/run-events.js';
export type { RunListeners } from './tools/run-listeners.js';
export { RunStream } from './tools/run-stream.js';
export type {
  Eager,
  ParamOf,
  ParamsOf,
  RunnerOptions,
  RunnerParams,
  RunnerTool,
} from './tools/runner-options.js';
export {
  type Deferred,
  type RunnableServerTool,
  type RunnableTool,
  type ToolContext,
  type ToolDefinition,
  type ToolInputSchema,
  type ToolReturn,
  tool,
} from './tools/tool.js';
export { ToolError } from './tools/tool-error.js';
export type {
  ToolApprovalEvent,
  ToolEvent,
  ToolResultEvent,
  ToolStartEvent,
  ToolUpdateEvent,
} from './tools/tool-events.js';
export type { ToolRunner } from './tools/tool-runner.js';
export type {
  AttemptContext,
  FollowContext,
  Progress,
  RelayContext,
  RequestParams,
  StreamContext,
  ToolCallContext,
  ToolRunContext,
  TraceHeaders,
} from './trace/contexts.js';
export type { Clock } from './transport/clock.js';
export type { Fetch } from './transport/fetch.js';
export type { Http2Options } from './transport/node-options.js';
export type { RequestOptions } from './transport/options.js';
export type { RetryInfo } from './transport/retry.js';
export type { Timeouts } from './transport/timeouts.js';
export type { TlsOptions } from './transport/tls-options.js';
// What is written down most; all other types of the API are in the namespace `Anthropic`.
export type {
  AnyMessage,
  BatchCreateParams,
  BetaContentBlock,
  BetaContentBlockParam,
  BetaMessage,
  BetaMessageCreateParams,
  BetaMessageParam,
  BetaMessageStreamParams,
  ContentBlock,
  ContentBlockDelta,
  ContentBlockParam,
  DocumentBlockParam,
  ImageBlockParam,
  Message,
  MessageBatch,
  MessageBatchIndividualResponse,
  MessageCountTokensParams,
  MessageCreateParams,
  MessageCreateParamsNonStreaming,
  MessageCreateParamsStreaming,
  MessageParam,
  MessageStreamEvent,
  MessageStreamParams,
  MessageTokensCount,
  Model,
  ModelInfo,
  OutputConfig,
  RawMessageStreamEvent,
  ServerTool,
  ServerToolUseBlock,
  StopReason,
  SystemParam,
  TextBlock,
  TextBlockParam,
  TextCitation,
  ThinkingBlock,
  ThinkingConfigParam,
  Tool,
  ToolChoice,
  ToolResultBlockParam,
  ToolResultContent,
  ToolUnion,
  ToolUseBlock,
  UnknownType,
  Usage,
} from './wire/api.js';
