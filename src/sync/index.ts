/**
 * The client without promises.
 * @module millrace/sync
 */
export type { Bytes } from './bytes.js';
export { SyncAnthropic } from './client.js';
export type { SyncBetaMessages, SyncMessages } from './messages.js';
export type {
  SyncClientOptions,
  SyncRequestOptions,
  SyncRunnerOptions,
  SyncStreamOptions,
} from './options.js';
export { type BlockingClock, type SyncSmoothOptions, smooth } from './smooth.js';
export { SyncMessageStream } from './sync-message-stream.js';
export { SyncOutputMessageStream } from './sync-output-message-stream.js';
export { SyncOutputStream } from './sync-output-stream.js';
export { SyncStream } from './sync-stream.js';
export { SyncToolRunner } from './sync-tool-runner.js';
