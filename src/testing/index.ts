/**
 * An emulator of the API: as a `fetch`, or as a server for any client.
 * @module millrace/testing
 */
export type { Answer } from './answer.js';
export type { EmulatedError } from './api-error.js';
export type { Clock } from './clock.js';
export type { ContinuationOptions } from './continuation.js';
export { createEmulator, type Emulator, type EmulatorOptions, type Faults } from './emulator.js';
export type { Exchange, Settle } from './exchange.js';
export { type FaultMakers, fault } from './fault.js';
export type { Fault, Phase, Place } from './fault-kinds.js';
export { parseFaults } from './fault-spec.js';
export type { Host } from './host.js';
export { type ManualClock, manualClock } from './manual-clock.js';
export type { Match } from './match.js';
export type { Pace } from './pace.js';
export { parseRecording } from './parse-recording.js';
export { type RandomFaultsOptions, randomFaults } from './random-faults.js';
export { type RecordOptions, record } from './record.js';
export { type Replayed, type ReplayOptions, replay } from './replay.js';
export type { MatchedReply, Replies, ReplyFunction } from './replies.js';
export {
  type ErrorReplyOptions,
  type RefusalReplyOptions,
  type ReplyMakers,
  reply,
  type ThinkingReplyOptions,
  type ToolUseReplyOptions,
} from './reply.js';
export type {
  ContentReply,
  ErrorReply,
  EventsReply,
  FaultyReply,
  MessageReply,
  PacedReply,
  RawEvent,
  RawReply,
  Reply,
  ReplyOptions,
} from './reply-kinds.js';
export type { EmulatorParams, EmulatorRequest, Ending } from './request.js';
export { type ServeOptions, type Server, serve } from './serve.js';
export type { End, Sent, Step, Wait } from './steps.js';
export { type Hooks, type Used, type UseEmulatorOptions, useEmulator } from './use-emulator.js';
