/**
 * For the AI SDK: UI message streams for `useChat`, and a provider for `streamText`.
 * @module millrace/ai-sdk
 */
export {
  createMillrace,
  type MillraceProvider,
  type MillraceProviderOptions,
  millrace,
} from './provider/create-millrace.js';
export type { UIFinishReason, UIMessageChunk, UIProviderMetadata } from './ui/chunks.js';
export { toMessageParams, type UIMessageLike, type UIPartLike } from './ui/to-message-params.js';
export {
  pipeUIMessageStreamToResponse,
  toUIMessageStream,
  toUIMessageStreamResponse,
  type UISource,
  type UIStreamOptions,
} from './ui/ui-response.js';
