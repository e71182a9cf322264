import { AnthropicError } from '../errors.js';
import type { ApiRequest, HeaderOptions } from '../transport/options.js';

/** Params that travel as headers (WIRE, Request). */
const AS_HEADERS: Readonly<Record<string, string>> = {
  betas: 'anthropic-beta',
  user_profile_id: 'anthropic-user-profile-id',
  workspace_id: 'anthropic-workspace-id',
};

/**
 * The request for params. They are serialized now: later changes, such as pushing to `messages`, don't
 * affect a request that is sent at the first need, or retried.
 * @throws AnthropicError when they can't be JSON.
 */
export function toApiRequest(
  path: string,
  params: object,
  stream: boolean,
  usage: string,
): ApiRequest {
  if (typeof params !== 'object' || params === null) {
    throw new AnthropicError(`no params: write ${usage}`);
  }
  const headers: Record<string, string> = {};
  const body: Record<string, unknown> = { ...params, stream: stream ? true : undefined };
  for (const [param, header] of Object.entries(AS_HEADERS)) {
    if (!(param in body)) continue;
    const text = String(body[param] ?? '');
    if (text !== '') headers[header] = text;
    body[param] = undefined; // JSON leaves it out.
  }
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
    throw new AnthropicError(`the params can't be serialized as JSON: ${why}`, { cause });
  }
}
