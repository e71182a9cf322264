import type { Anthropic as Core } from 'millrace';
import type { APIPromise } from '../core/api-promise.js';
import type { Stream } from '../core/streaming.js';
import type { BetaMessageStream } from '../lib/BetaMessageStream.js';
import type { ParsedBetaMessage } from '../lib/beta-parser.js';
import type { MessageStream } from '../lib/MessageStream.js';
import type { Format, ParsedMessage, ParsedOf } from '../lib/parser.js';
import type {
  BetaToolRunner,
  BetaToolRunnerParams,
  BetaToolRunnerRequestOptions,
} from '../lib/tools/BetaToolRunner.js';
import type { RequestOptions } from '../options.js';
import type { Batches } from './batches.js';

type BetaMessage = Core.Beta.BetaMessage;
type BetaEvent = Core.Beta.BetaRawMessageStreamEvent;

/** Params whose format may parse. */
type WithFormat<P, F extends Format> = Omit<P, 'output_config' | 'stream'> & {
  output_config?: (Omit<Core.OutputConfig, 'format'> & { format?: F }) | null | undefined;
  stream?: boolean | undefined;
};

/** `client.messages`. */
export interface Messages {
  readonly batches: Batches;
  /** Resolves with the message, or with the stream of its events. */
  create(
    params: Core.MessageCreateParamsNonStreaming,
    options?: RequestOptions,
  ): APIPromise<Core.Message>;
  create(
    params: Core.MessageCreateParamsStreaming,
    options?: RequestOptions,
  ): APIPromise<Stream<Core.RawMessageStreamEvent>>;
  create(
    params: Core.MessageCreateParams,
    options?: RequestOptions,
  ): APIPromise<Core.Message | Stream<Core.RawMessageStreamEvent>>;
  /** The message, and what its format parsed. */
  parse<F extends Format = undefined>(
    params: WithFormat<Core.MessageCreateParams, F>,
    options?: RequestOptions,
  ): APIPromise<ParsedMessage<ParsedOf<F>>>;
  /** The message as a stream. The request goes out at once. */
  stream<F extends Format = undefined>(
    params: WithFormat<Core.MessageStreamParams, F>,
    options?: RequestOptions,
  ): MessageStream<ParsedOf<F>>;
  countTokens(
    params: Core.MessageCountTokensParams,
    options?: RequestOptions,
  ): APIPromise<Core.MessageTokensCount>;
}

/** `client.beta.messages`. */
export interface BetaMessages {
  readonly batches: Batches;
  create(
    params: Core.Beta.MessageCreateParamsNonStreaming,
    options?: RequestOptions,
  ): APIPromise<BetaMessage>;
  create(
    params: Core.Beta.MessageCreateParamsStreaming,
    options?: RequestOptions,
  ): APIPromise<Stream<BetaEvent>>;
  create(
    params: Core.Beta.MessageCreateParams,
    options?: RequestOptions,
  ): APIPromise<BetaMessage | Stream<BetaEvent>>;
  parse<F extends Format = undefined>(
    params: WithFormat<Core.Beta.MessageCreateParams, F>,
    options?: RequestOptions,
  ): APIPromise<ParsedBetaMessage<ParsedOf<F>>>;
  stream<F extends Format = undefined>(
    params: WithFormat<Core.Beta.MessageStreamParams, F>,
    options?: RequestOptions,
  ): BetaMessageStream<ParsedOf<F>>;
  countTokens(
    params: Core.Beta.MessageCountTokensParams,
    options?: RequestOptions,
  ): APIPromise<Core.Beta.BetaMessageTokensCount>;
  /** Sends requests and runs their tool calls until there are no more. */
  toolRunner(
    params: BetaToolRunnerParams & { stream?: false },
    options?: BetaToolRunnerRequestOptions,
  ): BetaToolRunner<false>;
  toolRunner(
    params: BetaToolRunnerParams & { stream: true },
    options?: BetaToolRunnerRequestOptions,
  ): BetaToolRunner<true>;
  toolRunner(
    params: BetaToolRunnerParams,
    options?: BetaToolRunnerRequestOptions,
  ): BetaToolRunner<boolean>;
}
