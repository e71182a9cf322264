import { AnthropicError } from '../errors.js';
import type { Call, HeaderOptions } from '../transport/settings.js';

/** Params that travel as headers (WIRE, Request). */
const AS_HEADERS: Readonly<Record<string, string>> = {
  betas: 'anthropic-beta',
  user_profile_id: 'anthropic-user-profile-id',
  workspace_id: 'anthropic-workspace-id',
};

/**
 * The call for some params. They are written down now: what the caller changes later, such as
 * pushing to `messages`, does not reach a request that goes out at its first need, or again.
 * @throws AnthropicError when they cannot be JSON.
 */
export function callOf(path: string, params: object, stream: boolean, usage: string): Call {
  if (typeof params !== 'object' || params === null) {
    throw new AnthropicError(`there are no params: ${usage}`);
  }
  const headers: Record<string, string> = {};
  const fields: Record<string, unknown> = { ...params };
  for (const [param, header] of Object.entries(AS_HEADERS)) {
    const value = fields[param];
    delete fields[param];
    const text = String(value ?? '');
    if (text !== '') headers[header] = text;
  }
  const body = { ...fields, stream: stream ? true : undefined };
  return {
    method: 'POST',
    path,
    headers: headers satisfies HeaderOptions,
    body: json(body),
    stream,
  };
}

function json(body: object): string {
  try {
    return JSON.stringify(body);
  } catch (cause) {
    const why = (cause as Error).message.split('\n', 1)[0];
    throw new AnthropicError(`the params cannot be written as JSON: ${why}`, { cause });
  }
}
