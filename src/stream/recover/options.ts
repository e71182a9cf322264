import { AnthropicError } from '../../errors.js';

/** How the rest of a message is requested. */
export type RecoveryMode = 'prefill' | 'instruct';

/** The `recover` option. */
export interface RecoverOptions {
  /** How many requests for the rest a stream may send, each with its own retries. Default 2. */
  attempts?: number | undefined;
  /**
   * `prefill` sends what arrived as the start of the assistant's turn, `instruct` asks in a user turn to
   * continue. Default `auto`: prefill where the model accepts it, else instruct.
   */
  mode?: RecoveryMode | 'auto' | undefined;
}

/** The `recover` option with its defaults. */
export interface RecoverSettings {
  attempts: number;
  mode: RecoveryMode | 'auto';
}

/** What `recover` listeners receive, before the rest is requested. */
export interface RecoverInfo {
  /** 1 for the first request for the rest. */
  attempt: number;
  /** `from-scratch`: nothing of what arrived can be sent along, so the first request is sent again. */
  mode: RecoveryMode | 'from-scratch';
  /** What broke the stream. */
  error: AnthropicError;
}

const MODES: readonly unknown[] = ['auto', 'prefill', 'instruct'];

/**
 * The `recover` option with its defaults; undefined where it is off.
 * @throws AnthropicError for an invalid value.
 */
export function recoverOptions(
  recover: boolean | RecoverOptions | undefined,
): RecoverSettings | undefined {
  if (!recover) return undefined;
  const { attempts = 2, mode = 'auto' } = recover === true ? {} : recover;
  if (!Number.isInteger(attempts) || attempts < 0) {
    throw new AnthropicError(
      `recover.attempts is ${String(attempts)}: give a whole number, such as 2`,
    );
  }
  if (!MODES.includes(mode)) {
    throw new AnthropicError(
      `recover.mode is ${JSON.stringify(mode)}: give 'auto', 'prefill' or 'instruct'`,
    );
  }
  return { attempts, mode };
}
