import { AnthropicError, APIConnectionError, APITimeoutError } from '../errors.js';
import { thrownText } from '../thrown.js';

/** A failure of the platform as an AnthropicError. @param phase what was waited for. */
export function connectionError(
  error: unknown,
  phase: 'response' | 'idle',
  signal: AbortSignal,
): AnthropicError {
  if (signal.aborted && signal.reason instanceof AnthropicError) return signal.reason;
  if (error instanceof AnthropicError) return error;
  const code = codeOf(error);
  if (code !== undefined && PLATFORM_TIMEOUTS.has(code)) {
    return new APITimeoutError(`the platform's own limit was reached: ${code}`, phase, {
      cause: error,
    });
  }
  const what =
    phase === 'response' ? 'no connection' : 'the connection broke in the middle of the response';
  return new APIConnectionError(`${what}: ${[code, thrownText(error)].filter(Boolean).join(' ')}`, {
    cause: error,
  });
}

/** Node's own `fetch` gives up after 300 s, regardless of our clocks. */
const PLATFORM_TIMEOUTS: ReadonlySet<string> = new Set([
  'UND_ERR_HEADERS_TIMEOUT',
  'UND_ERR_BODY_TIMEOUT',
  'UND_ERR_CONNECT_TIMEOUT',
  'ETIMEDOUT',
]);

/** The code of an error or of its cause. Causes can form a circle. */
function codeOf(error: unknown, depth = 0): string | undefined {
  const { code, cause } = (error ?? {}) as { code?: unknown; cause?: unknown };
  if (typeof code === 'string') return code;
  return cause === undefined || depth === 8 ? undefined : codeOf(cause, depth + 1);
}
