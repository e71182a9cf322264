/**
 * The client without promises.
 * @module millrace/sync
 */

export type { SyncBatches } from './batches.js';
export type { Bytes } from './bytes.js';
export { SyncAnthropic } from './client.js';
export type { SyncBetaMessages, SyncMessages } from './messages.js';
export type { SyncModels } from './models.js';
export type {
  SyncClientOptions,
  SyncRequestOptions,
  SyncRunnerOptions,
  SyncStreamOptions,
} from './options.js';
export { type BlockingClock, type SyncSmoothOptions, smooth } from './smooth.js';
export type { SyncBatchResults } from './sync-batch-results.js';
export { SyncMessageStream } from './sync-message-stream.js';
export { SyncOutputMessageStream } from './sync-output-message-stream.js';
export { SyncOutputStream } from './sync-output-stream.js';
export type { SyncPage } from './sync-page.js';
export { SyncStream } from './sync-stream.js';
export { SyncToolRunner } from './sync-tool-runner.js';
