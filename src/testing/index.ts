/**
 * An emulator of the API: as a `fetch`, or as a server for any client.
 * @module millrace/testing
 */

export {
  createEmulator,
  type Emulator,
  type EmulatorOptions,
  type Faults,
} from './emulator/emulator.js';
export { type ServeOptions, type Server, serve } from './emulator/serve.js';
export {
  type Hooks,
  type Used,
  type UseEmulatorOptions,
  useEmulator,
} from './emulator/use-emulator.js';
export { type FaultMakers, fault } from './fault/fault.js';
export { parseFaults } from './fault/parse-faults.js';
export { type RandomFaultsOptions, randomFaults } from './fault/random-faults.js';
export type { EmulatedError } from './model/error.js';
export type { Fault, Phase, Place } from './model/fault.js';
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
} from './model/reply.js';
export type { EmulatorParams, EmulatorRequest, Ending } from './model/request.js';
export type { End, Sent, Step, Wait } from './model/step.js';
export { type RecordOptions, record } from './record/record.js';
export { type Replayed, type ReplayOptions, replay } from './record/replay-recordings.js';
export type { Answer } from './script/answer-reply.js';
export type { ContinuationOptions } from './script/continuation.js';
export type { Match } from './script/match.js';
export type { MatchedReply, Replies, ReplyFunction } from './script/replies.js';
export {
  type ErrorReplyOptions,
  type RefusalReplyOptions,
  type ReplyMakers,
  reply,
  type ThinkingReplyOptions,
  type ToolUseReplyOptions,
} from './script/reply.js';
export type { Clock } from './time/clock.js';
export { type ManualClock, manualClock } from './time/manual-clock.js';
export type { Pace } from './time/pace.js';
export type { Exchange, Settle } from './wire/exchange.js';
export type { Host } from './wire/host.js';
