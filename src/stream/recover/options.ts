import type { AnthropicError } from '../../errors.js';

/** How the rest of a message is asked for. */
export type RecoveryMode = 'prefill' | 'instruct';

/** The `recover` option. */
export interface RecoverOptions {
  /** How many requests for a rest one stream may send. Default 2. */
  attempts?: number;
  /**
   * `prefill` sends what came as the start of the assistant's turn, `instruct` asks in a user turn to go
   * on. Default `auto`: prefill where the model may take it, instruct where it does not.
   */
  mode?: RecoveryMode | 'auto';
}

/** What `recover` listeners are told, before the rest is asked for. */
export interface RecoverInfo {
  /** 1 for the first request for a rest. */
  attempt: number;
  mode: RecoveryMode;
  /** What broke the stream. */
  error: AnthropicError;
}
