import { isPlain, type OptionCheck, shown } from '../../check-options.js';
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

/** The check of the option. */
export const aRecovery: OptionCheck = (value) => void recoverOptions(value as RecoverOptions);

const USAGE = 'pass true, or { attempts, mode }';

const MODES: readonly unknown[] = ['auto', 'prefill', 'instruct'];

/**
 * The `recover` option with its defaults; undefined where it is off.
 * @throws AnthropicError for an invalid value.
 */
export function recoverOptions(
  recover: boolean | RecoverOptions | undefined,
): RecoverSettings | undefined {
  if (recover === undefined || recover === false) return undefined;
  const given = recover === true ? {} : recover;
  if (!isPlain(given)) throw new AnthropicError(`recover is ${shown(given)}: ${USAGE}`);
  const { attempts = 2, mode = 'auto', ...unknown }: RecoverOptions = given;
  for (const name of Object.keys(unknown)) {
    throw new AnthropicError(`there is no recover.${name}: ${USAGE}`);
  }
  if (!Number.isInteger(attempts) || attempts < 0) {
    throw new AnthropicError(
      `recover.attempts is ${shown(attempts)}: give a whole number, such as 2`,
    );
  }
  if (!MODES.includes(mode)) {
    throw new AnthropicError(
      `recover.mode is ${shown(mode)}: give 'auto', 'prefill' or 'instruct'`,
    );
  }
  return { attempts, mode };
}
