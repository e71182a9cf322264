import type { LanguageModelV4, ProviderV4 } from '@ai-sdk/provider';
import { Anthropic } from '../../client.js';
import { AnthropicError } from '../../errors.js';
import type { MessageStream } from '../../stream/message-stream.js';
import type { BetaMessage } from '../../wire/beta.js';
import { MillraceLanguageModel, type OpenCall } from './language-model.js';

/** A provider of the AI SDK: `millrace('claude-opus-4-8')` is a model for `streamText` and its other functions. */
export interface MillraceProvider extends ProviderV4 {
  (modelId: string): LanguageModelV4;
}

/** Options of `createMillrace`. */
export interface MillraceProviderOptions {
  /** Sends the requests, with its retries, clocks and proxies. Default: `new Anthropic()`, at the first request. */
  client?: Pick<Anthropic, 'messages' | 'beta'> | undefined;
}

/** A provider of the AI SDK over a client of millrace. */
export function createMillrace({ client }: MillraceProviderOptions = {}): MillraceProvider {
  let used = client;
  const open: OpenCall = ({ params, betas }, options) => {
    used ??= new Anthropic();
    // What it wants is in the params: the types of both editions are narrower than what programs may write.
    const stream =
      betas.length === 0
        ? used.messages.stream(params as never, options as never)
        : used.beta.messages.stream({ ...params, betas } as never, options as never);
    return stream as unknown as MessageStream<BetaMessage>;
  };
  const languageModel = (modelId: string): LanguageModelV4 => {
    if (typeof modelId !== 'string') {
      throw new AnthropicError("a model needs its id: write millrace('claude-opus-4-8')");
    }
    return new MillraceLanguageModel(modelId, open);
  };
  const none =
    (kind: string) =>
    (modelId: string): never => {
      throw new AnthropicError(`the API has no ${kind} model ${modelId}: it has language models`);
    };
  return Object.assign(languageModel, {
    specificationVersion: 'v4' as const,
    languageModel,
    embeddingModel: none('embedding'),
    imageModel: none('image'),
  });
}

/** The provider with the client of the environment. */
export const millrace: MillraceProvider = createMillrace();
