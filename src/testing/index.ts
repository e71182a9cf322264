/**
 * An emulator of the API: as a `fetch`, or as a server for any client.
 * @module millrace/testing
 */

export { redactRecording } from '../recording/redact-recording.js';
export type { Certificate } from './emulator/certificate.js';
export { createEmulator, type Emulator } from './emulator/emulator.js';
export type { EmulatorOptions } from './emulator/options.js';
export { type ServeOptions, type Server, serve } from './emulator/serve.js';
export {
  type TestHooks,
  type TestServer,
  type UseEmulatorOptions,
  useEmulator,
} from './emulator/use-emulator.js';
export type { Dialect } from './fault/dialects.js';
export { type FaultMakers, fault } from './fault/fault.js';
export { parseFaults } from './fault/parse-faults.js';
export { type RandomFaultsOptions, randomFaults } from './fault/random-faults.js';
export type { Fault, Faults, Place } from './model/fault.js';
export type { ModelFacts, MoreModelFacts, Thinking } from './model/model-facts.js';
export type { ContentReply, ErrorReply, Pace, Reply, ReplyOptions } from './model/reply.js';
export type { EmulatorRequest } from './model/request.js';
export type { RawEvent } from './model/step.js';
export { parseRecording } from './record/parse-recording.js';
export { type RecordOptions, record } from './record/record.js';
export {
  type ReplayHost,
  type ReplayOptions,
  replayRecordings,
} from './record/replay-recordings.js';
export type { MatchedReply, Replies, ReplyFunction } from './script/replies.js';
export { type ReplyMakers, reply } from './script/reply.js';
export type { Clock } from './time/clock.js';
export { type ManualClock, manualClock } from './time/manual-clock.js';
export type { Host } from './wire/host.js';
