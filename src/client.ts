import {
  AnthropicError,
  APIConnectionError,
  APIError,
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
  RateLimitError,
  RequestHeaderFieldsTooLargeError,
  RequestTimeoutError,
  RequestTooLargeError,
  ServiceUnavailableError,
  UnprocessableEntityError,
} from './errors.js';
import { type ClientOptions, mergeOptions, resolveOptions } from './options.js';
import type { Beta, GA } from './resources/edition.js';
import { type BetaMessages, createMessages, type Messages } from './resources/messages.js';
import { createModels, type Models } from './resources/models.js';
import { sinksOf } from './trace/instruments.js';
import { Cancellation } from './transport/cancellation.js';
import { CLIENT_CLOSED } from './transport/on-abort.js';
import type { RequestOptions } from './transport/options.js';
import type * as api from './wire/api.js';

/** A client of the Claude Messages API. Cheap to create; keep one to reuse its connections. */
export class Anthropic implements Disposable {
  // The error classes as the official SDK has them, under its names.
  static readonly AnthropicError: typeof AnthropicError = AnthropicError;
  static readonly APIError: typeof APIError = APIError;
  static readonly APIConnectionError: typeof APIConnectionError = APIConnectionError;
  static readonly APIConnectionTimeoutError: typeof APITimeoutError = APITimeoutError;
  static readonly APIUserAbortError: typeof APIUserAbortError = APIUserAbortError;
  static readonly BadRequestError: typeof BadRequestError = BadRequestError;
  static readonly AuthenticationError: typeof AuthenticationError = AuthenticationError;
  static readonly PaymentRequiredError: typeof PaymentRequiredError = PaymentRequiredError;
  static readonly PermissionDeniedError: typeof PermissionDeniedError = PermissionDeniedError;
  static readonly NotFoundError: typeof NotFoundError = NotFoundError;
  static readonly RequestTimeoutError: typeof RequestTimeoutError = RequestTimeoutError;
  static readonly ConflictError: typeof ConflictError = ConflictError;
  static readonly ContentTooLargeError: typeof RequestTooLargeError = RequestTooLargeError;
  static readonly UnprocessableEntityError: typeof UnprocessableEntityError =
    UnprocessableEntityError;
  static readonly RateLimitError: typeof RateLimitError = RateLimitError;
  static readonly InternalServerError: typeof InternalServerError = InternalServerError;
  static readonly OverloadedError: typeof OverloadedError = OverloadedError;
  static readonly PreconditionFailedError: typeof PreconditionFailedError = PreconditionFailedError;
  static readonly RequestHeaderFieldsTooLargeError: typeof RequestHeaderFieldsTooLargeError =
    RequestHeaderFieldsTooLargeError;
  static readonly ClientClosedRequestError: typeof ClientClosedRequestError =
    ClientClosedRequestError;
  static readonly NotImplementedError: typeof NotImplementedError = NotImplementedError;
  static readonly ServiceUnavailableError: typeof ServiceUnavailableError = ServiceUnavailableError;
  static readonly GatewayTimeoutError: typeof GatewayTimeoutError = GatewayTimeoutError;

  /** The Messages API. */
  readonly messages: Messages;
  /** The models, and what they can do. */
  readonly models: Models;
  /** The same with the beta types, and the param `betas`. */
  readonly beta: { readonly messages: BetaMessages };
  readonly #options: ClientOptions;
  readonly #closing = new Cancellation();
  readonly #closeIdle: () => void;

  /** @throws AnthropicError for an invalid option. */
  constructor(options: ClientOptions = {}) {
    const settings = {
      ...resolveOptions(options),
      sinks: sinksOf(this),
      closed: this.#closing,
    };
    if (settings.inspector !== undefined) settings.sinks.add(settings.inspector);
    this.#options = options;
    this.#closeIdle = () => settings.transport.closeIdle?.(settings.baseURL);
    this.messages = createMessages<GA>(settings);
    this.models = createModels(settings);
    this.beta = { messages: createMessages<Beta>(settings) };
  }

  /**
   * A client with some options changed; undefined changes nothing. A new credential replaces the old one.
   * @throws AnthropicError for an invalid option.
   */
  withOptions(options: ClientOptions): Anthropic {
    return new Anthropic(mergeOptions(this.#options, options));
  }

  /**
   * Ends every open request: its readers get APIUserAbortError, and so do later requests. On Node idle
   * connections to its host are closed, unless they are those of your `agent`. Clients made of it by
   * `withOptions` stay open. Idempotent. A client that is dropped needs no close.
   */
  close(): void {
    this.#closing.abort(new APIUserAbortError(CLIENT_CLOSED));
    this.#closeIdle();
  }

  /** `close()`, for `using` and `await using`. */
  [Symbol.dispose](): void {
    this.close();
  }
}

/**
 * The types of the API under the names that users of the official SDK know: `Anthropic.MessageParam`,
 * `Anthropic.Messages.MessageParam`, `Anthropic.Beta.BetaMessage`. Nothing of it is emitted.
 */
export declare namespace Anthropic {
  export type { api as Messages, ClientOptions, RequestOptions };
  export type Base64ImageSource = api.Base64ImageSource;
  export type Base64PDFSource = api.Base64PDFSource;
  export type BashCodeExecutionResultBlock = api.BashCodeExecutionResultBlock;
  export type BashCodeExecutionToolResultBlock = api.BashCodeExecutionToolResultBlock;
  export type BashCodeExecutionToolResultBlockParam = api.BashCodeExecutionToolResultBlockParam;
  export type BashCodeExecutionToolResultError = api.BashCodeExecutionToolResultError;
  export type CacheControlEphemeral = api.CacheControlEphemeral;
  export type CacheCreation = api.CacheCreation;
  export type CacheMissReason = api.CacheMissReason;
  export type CitationCharLocation = api.CitationCharLocation;
  export type CitationContentBlockLocation = api.CitationContentBlockLocation;
  export type CitationPageLocation = api.CitationPageLocation;
  export type CitationsConfigParam = api.CitationsConfigParam;
  export type CitationsDelta = api.CitationsDelta;
  export type CitationsSearchResultLocation = api.CitationsSearchResultLocation;
  export type CitationsWebSearchResultLocation = api.CitationsWebSearchResultLocation;
  export type CodeExecutionResultBlock = api.CodeExecutionResultBlock;
  export type CodeExecutionToolResultBlock = api.CodeExecutionToolResultBlock;
  export type CodeExecutionToolResultBlockParam = api.CodeExecutionToolResultBlockParam;
  export type CodeExecutionToolResultError = api.CodeExecutionToolResultError;
  export type Container = api.Container;
  export type ContainerParams = api.ContainerParams;
  export type ContainerSkill = api.ContainerSkill;
  export type ContainerUploadBlock = api.ContainerUploadBlock;
  export type ContainerUploadBlockParam = api.ContainerUploadBlockParam;
  export type ContentBlock = api.ContentBlock;
  export type ContentBlockDeltaEvent = api.ContentBlockDeltaEvent;
  export type ContentBlockParam = api.ContentBlockParam;
  export type ContentBlockSource = api.ContentBlockSource;
  export type ContentBlockStartEvent = api.ContentBlockStartEvent;
  export type ContentBlockStopEvent = api.ContentBlockStopEvent;
  export type Diagnostics = api.Diagnostics;
  export type DiagnosticsParam = api.DiagnosticsParam;
  export type DirectCaller = api.DirectCaller;
  export type DocumentBlock = api.DocumentBlock;
  export type DocumentBlockParam = api.DocumentBlockParam;
  export type EncryptedCodeExecutionResultBlock = api.EncryptedCodeExecutionResultBlock;
  export type ImageBlockParam = api.ImageBlockParam;
  export type InputJSONDelta = api.InputJSONDelta;
  export type JSONOutputFormat = api.JSONOutputFormat;
  export type Message = api.Message;
  export type MessageCountTokensParams = api.MessageCountTokensParams;
  export type MessageCreateParams = api.MessageCreateParams;
  export type MessageCreateParamsNonStreaming = api.MessageCreateParamsNonStreaming;
  export type MessageCreateParamsStreaming = api.MessageCreateParamsStreaming;
  export type MessageDeltaEvent = api.MessageDeltaEvent;
  export type MessageDeltaUsage = api.MessageDeltaUsage;
  export type MessageParam = api.MessageParam;
  export type MessageStartEvent = api.MessageStartEvent;
  export type MessageStopEvent = api.MessageStopEvent;
  export type MessageStreamEvent = api.MessageStreamEvent;
  export type MessageStreamParams = api.MessageStreamParams;
  export type MessageTokensCount = api.MessageTokensCount;
  export type Metadata = api.Metadata;
  export type Model = api.Model;
  export type OutputConfig = api.OutputConfig;
  export type OutputTokensDetails = api.OutputTokensDetails;
  export type PlainTextSource = api.PlainTextSource;
  export type RawContentBlockDeltaEvent = api.RawContentBlockDeltaEvent;
  export type RawContentBlockStartEvent = api.RawContentBlockStartEvent;
  export type RawContentBlockStopEvent = api.RawContentBlockStopEvent;
  export type RawMessageDeltaEvent = api.RawMessageDeltaEvent;
  export type RawMessageStartEvent = api.RawMessageStartEvent;
  export type RawMessageStopEvent = api.RawMessageStopEvent;
  export type RawMessageStreamEvent = api.RawMessageStreamEvent;
  export type RedactedThinkingBlock = api.RedactedThinkingBlock;
  export type RedactedThinkingBlockParam = api.RedactedThinkingBlockParam;
  export type RefusalStopDetails = api.RefusalStopDetails;
  export type SearchResultBlockParam = api.SearchResultBlockParam;
  export type ServerToolCaller = api.ServerToolCaller;
  export type ServerToolUsage = api.ServerToolUsage;
  export type ServerToolUseBlock = api.ServerToolUseBlock;
  export type ServerToolUseBlockParam = api.ServerToolUseBlockParam;
  export type SignatureDelta = api.SignatureDelta;
  export type SkillParams = api.SkillParams;
  export type StopReason = api.StopReason;
  export type TextBlock = api.TextBlock;
  export type TextBlockParam = api.TextBlockParam;
  export type TextCitation = api.TextCitation;
  export type TextCitationParam = api.TextCitationParam;
  export type TextDelta = api.TextDelta;
  export type TextEditorCodeExecutionCreateResultBlock =
    api.TextEditorCodeExecutionCreateResultBlock;
  export type TextEditorCodeExecutionStrReplaceResultBlock =
    api.TextEditorCodeExecutionStrReplaceResultBlock;
  export type TextEditorCodeExecutionToolResultBlock = api.TextEditorCodeExecutionToolResultBlock;
  export type TextEditorCodeExecutionToolResultBlockParam =
    api.TextEditorCodeExecutionToolResultBlockParam;
  export type TextEditorCodeExecutionToolResultError = api.TextEditorCodeExecutionToolResultError;
  export type TextEditorCodeExecutionViewResultBlock = api.TextEditorCodeExecutionViewResultBlock;
  export type ThinkingBlock = api.ThinkingBlock;
  export type ThinkingBlockParam = api.ThinkingBlockParam;
  export type ThinkingConfigAdaptive = api.ThinkingConfigAdaptive;
  export type ThinkingConfigBetweenTools = api.ThinkingConfigBetweenTools;
  export type ThinkingConfigDisabled = api.ThinkingConfigDisabled;
  export type ThinkingConfigEnabled = api.ThinkingConfigEnabled;
  export type ThinkingConfigParam = api.ThinkingConfigParam;
  export type ThinkingDelta = api.ThinkingDelta;
  export type Tool = api.Tool;
  export type ToolChoice = api.ToolChoice;
  export type ToolChoiceAny = api.ToolChoiceAny;
  export type ToolChoiceAuto = api.ToolChoiceAuto;
  export type ToolChoiceNone = api.ToolChoiceNone;
  export type ToolChoiceTool = api.ToolChoiceTool;
  export type ToolReferenceBlock = api.ToolReferenceBlock;
  export type ToolReferenceBlockParam = api.ToolReferenceBlockParam;
  export type ToolResultBlockParam = api.ToolResultBlockParam;
  export type ToolSearchToolResultBlock = api.ToolSearchToolResultBlock;
  export type ToolSearchToolResultBlockParam = api.ToolSearchToolResultBlockParam;
  export type ToolSearchToolResultError = api.ToolSearchToolResultError;
  export type ToolSearchToolSearchResultBlock = api.ToolSearchToolSearchResultBlock;
  export type ToolUnion = api.ToolUnion;
  export type ToolUseBlock = api.ToolUseBlock;
  export type ToolUseBlockParam = api.ToolUseBlockParam;
  export type Usage = api.Usage;
  export type WebFetchBlock = api.WebFetchBlock;
  export type WebFetchToolResultBlock = api.WebFetchToolResultBlock;
  export type WebFetchToolResultBlockParam = api.WebFetchToolResultBlockParam;
  export type WebFetchToolResultErrorBlock = api.WebFetchToolResultErrorBlock;
  export type WebSearchResultBlock = api.WebSearchResultBlock;
  export type WebSearchToolResultBlock = api.WebSearchToolResultBlock;
  export type WebSearchToolResultBlockParam = api.WebSearchToolResultBlockParam;
  export type WebSearchToolResultError = api.WebSearchToolResultError;

  /** Beta types are those of GA and more; where a type is the same, so is its alias here. */
  export namespace Beta {
    export type { Beta as Messages };
    export type BetaAdvisorRedactedResultBlock = api.BetaAdvisorRedactedResultBlock;
    export type BetaAdvisorResultBlock = api.BetaAdvisorResultBlock;
    export type BetaAdvisorToolResultBlock = api.BetaAdvisorToolResultBlock;
    export type BetaAdvisorToolResultBlockParam = api.BetaAdvisorToolResultBlockParam;
    export type BetaAdvisorToolResultError = api.BetaAdvisorToolResultError;
    export type BetaBillingPolicy = api.BetaBillingPolicy;
    export type BetaClearThinking20251015EditResponse = api.BetaClearThinking20251015EditResponse;
    export type BetaClearToolUses20250919EditResponse = api.BetaClearToolUses20250919EditResponse;
    export type BetaCompactionBlock = api.BetaCompactionBlock;
    export type BetaCompactionBlockParam = api.BetaCompactionBlockParam;
    export type BetaCompactionConfig = api.BetaCompactionConfig;
    export type BetaCompactionContentBlockDelta = api.BetaCompactionContentBlockDelta;
    export type BetaContentBlock = api.BetaContentBlock;
    export type BetaContentBlockParam = api.BetaContentBlockParam;
    export type BetaContextManagementConfig = api.BetaContextManagementConfig;
    export type BetaContextManagementResponse = api.BetaContextManagementResponse;
    export type BetaFallbackBlock = api.BetaFallbackBlock;
    export type BetaFallbackBlockParam = api.BetaFallbackBlockParam;
    export type BetaFallbackCreditNotApplied = api.BetaFallbackCreditNotApplied;
    export type BetaFallbackCreditRedeemed = api.BetaFallbackCreditRedeemed;
    export type BetaFallbackCreditTokenParam = api.BetaFallbackCreditTokenParam;
    export type BetaFallbackCreditUsage = api.BetaFallbackCreditUsage;
    export type BetaFallbackInfo = api.BetaFallbackInfo;
    export type BetaFallbackParam = api.BetaFallbackParam;
    export type BetaFallbackRefusalTrigger = api.BetaFallbackRefusalTrigger;
    export type BetaInputTransformation = api.BetaInputTransformation;
    export type BetaMCPTool = api.BetaMCPTool;
    export type BetaMCPToolListingBlock = api.BetaMCPToolListingBlock;
    export type BetaMCPToolListingBlockParam = api.BetaMCPToolListingBlockParam;
    export type BetaMCPToolResultBlock = api.BetaMCPToolResultBlock;
    export type BetaMCPToolUseBlock = api.BetaMCPToolUseBlock;
    export type BetaMCPToolUseBlockParam = api.BetaMCPToolUseBlockParam;
    export type BetaMessage = api.BetaMessage;
    export type BetaMessageParam = api.BetaMessageParam;
    export type BetaMessageTokensCount = api.BetaMessageTokensCount;
    export type BetaOutputConfig = api.BetaOutputConfig;
    export type BetaRefusalStopDetails = api.BetaRefusalStopDetails;
    export type BetaRequestMCPServerURLDefinition = api.BetaRequestMCPServerURLDefinition;
    export type BetaStopReason = api.BetaStopReason;
    export type BetaThinkingDelta = api.BetaThinkingDelta;
    export type BetaThreadContinueParams = api.BetaThreadContinueParams;
    export type BetaThreadCreateParams = api.BetaThreadCreateParams;
    export type BetaUsage = api.BetaUsage;

    export type MessageCreateParams = api.BetaMessageCreateParams;
    export type MessageCreateParamsNonStreaming = api.BetaMessageCreateParamsNonStreaming;
    export type MessageCreateParamsStreaming = api.BetaMessageCreateParamsStreaming;
    export type MessageStreamParams = api.BetaMessageStreamParams;
    export type MessageCountTokensParams = api.BetaMessageCountTokensParams;

    export type BetaRawMessageStreamEvent = api.RawMessageStreamEvent<api.BetaMessage>;
    export type BetaRawMessageStartEvent = api.RawMessageStartEvent<api.BetaMessage>;
    export type BetaRawMessageDeltaEvent = api.RawMessageDeltaEvent<api.BetaMessage>;
    export type BetaRawMessageStopEvent = api.RawMessageStopEvent;
    export type BetaRawContentBlockStartEvent = api.RawContentBlockStartEvent<api.BetaMessage>;
    export type BetaRawContentBlockDeltaEvent = api.RawContentBlockDeltaEvent<api.BetaMessage>;
    export type BetaRawContentBlockStopEvent = api.RawContentBlockStopEvent;
    export type BetaTextBlock = api.TextBlock;
    export type BetaTextBlockParam = api.TextBlockParam;
    export type BetaThinkingBlock = api.ThinkingBlock;
    export type BetaThinkingBlockParam = api.ThinkingBlockParam;
    export type BetaRedactedThinkingBlock = api.RedactedThinkingBlock;
    export type BetaToolUseBlock = api.ToolUseBlock;
    export type BetaToolUseBlockParam = api.ToolUseBlockParam;
    export type BetaToolResultBlockParam = api.ToolResultBlockParam;
    export type BetaServerToolUseBlock = api.ServerToolUseBlock;
    export type BetaImageBlockParam = api.ImageBlockParam;
    export type BetaTool = api.Tool;
    export type BetaToolUnion = api.ToolUnion;
    export type BetaToolChoice = api.ToolChoice;
    export type BetaThinkingConfigParam = api.ThinkingConfigParam;
    export type BetaCacheControlEphemeral = api.CacheControlEphemeral;
    export type BetaTextCitation = api.TextCitation;
    export type BetaInputJSONDelta = api.InputJSONDelta;
    export type BetaTextDelta = api.TextDelta;
  }
}
