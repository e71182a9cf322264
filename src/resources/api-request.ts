import { AnthropicError } from '../errors.js';
import type { ApiRequest, RequestOptions } from '../transport/options.js';
import { type Method, refuseMisplaced } from './misplaced-option.js';

/** Params that travel as headers (WIRE, Request). */
const AS_HEADERS: readonly (readonly [param: string, header: string])[] = [
  ['betas', 'anthropic-beta'],
  ['user_profile_id', 'anthropic-user-profile-id'],
  ['workspace_id', 'anthropic-workspace-id'],
];

/** Which request it is. */
export interface RequestKind {
  path: string;
  stream: boolean;
  method: Method;
  /** The params that it can't do without. */
  needs: string;
  expects?: ApiRequest['expects'];
}

/**
 * The request for params. They are serialized now, with `extraBody` over them: later changes, such as
 * pushing to `messages`, don't affect a request that is sent at the first need, or retried.
 * @throws AnthropicError when they can't be JSON, or contain an option.
 */
export function toApiRequest(
  params: object,
  { extraBody }: Pick<RequestOptions, 'extraBody'>,
  { path, stream, method, needs, expects }: RequestKind,
): ApiRequest {
  if (typeof params !== 'object' || params === null) {
    throw new AnthropicError(`no params: write ${method}({ ${needs} })`);
  }
  refuseMisplaced(params, method);
  let headers: Record<string, string> | undefined;
  const body: Record<string, unknown> = { ...params, stream: stream ? true : undefined };
  for (const [param, header] of AS_HEADERS) {
    if (!(param in body)) continue;
    const text = String(body[param] ?? '');
    if (text !== '') headers = { ...headers, [header]: text };
    body[param] = undefined; // JSON leaves it out.
  }
  for (const field of Object.keys(extraBody ?? {})) {
    const value = extraBody?.[field];
    if (value !== undefined) body[field] = value;
  }
  return {
    method: 'POST',
    path,
    ...(headers && { headers }),
    body: json(body),
    stream,
    ...(expects && { expects }),
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
