/**
 * For the AI SDK: UI message streams for `useChat`.
 * @module millrace/ai-sdk
 */
export type { UIFinishReason, UIMessageChunk, UIProviderMetadata } from './ui/chunks.js';
export { toMessageParams, type UIMessageLike, type UIPartLike } from './ui/to-message-params.js';
export {
  pipeUIMessageStreamToResponse,
  toUIMessageStream,
  toUIMessageStreamResponse,
  type UISource,
  type UIStreamOptions,
} from './ui/ui-response.js';
