export type { EmulatedError } from './api-error.js';
export { createEmulator, type Emulator, type EmulatorOptions } from './emulator.js';
export type { Replies } from './replies.js';
export {
  type ContentReply,
  type ErrorReply,
  type ErrorReplyOptions,
  type EventsReply,
  type MessageReply,
  type RawEvent,
  type Reply,
  type ReplyBlock,
  type ReplyMakers,
  type ReplyOptions,
  reply,
  type ThinkingReplyOptions,
  type ToolUseReplyOptions,
} from './reply.js';
export type { EmulatorParams, EmulatorRequest } from './request.js';
export { type ServeOptions, type Server, serve } from './serve.js';
