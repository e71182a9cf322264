import { type AnthropicError, APIUserAbortError } from '../errors.js';
import { fromRelayedBody } from '../relayed-error.js';
import { toRelayedBody } from '../stream/to-relayed-body.js';
import type { End } from './payloads.js';

/** The end of a log for an error. */
export function failedEnd(error: AnthropicError): End {
  const masked = toRelayedBody(error, true);
  const { message } = toRelayedBody(error, false).error;
  return message === masked.error.message
    ? { state: 'failed', error: masked }
    : { state: 'failed', error: masked, message };
}

/** The end of a log that was stopped. */
export function stoppedEnd(reason: unknown): End {
  const said = { type: 'user_abort_error', message: 'the stream was stopped' };
  const error = reason === undefined ? said : { ...said, reason: toJson(reason) };
  return { state: 'stopped', error: { type: 'error', error } };
}

/** What ends the trace of a reader that leaves while the stream goes on. */
export function leftError(): APIUserAbortError {
  return new APIUserAbortError('the reader has left the stream');
}

/** The error that readers in this process get for an end; undefined for a complete message. */
export function errorOf({ error, message }: End): AnthropicError | undefined {
  if (error === undefined) return undefined;
  if (message === undefined) return fromRelayedBody(error);
  // The text that clients get is a fixed one. Here it would hide what happened.
  return fromRelayedBody({ ...error, error: { ...error.error, message } });
}

/** A reason that can travel: an error as its message. */
function toJson(reason: unknown): unknown {
  if (reason instanceof Error) return reason.message;
  try {
    return JSON.parse(JSON.stringify(reason) ?? 'null');
  } catch {
    return String(reason);
  }
}
