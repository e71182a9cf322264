/**
 * Hooks for React 18 and newer.
 * @module millrace/react
 */
export type { ChatCall, ChatState, Decide } from './chat-store.js';
export type { MessageState, Open, OpenAfter, Status } from './message-store.js';
export { type ChatOptions, type UseChat, useChat } from './use-chat.js';
export { type UseMessageStream, useMessageStream } from './use-message-stream.js';
