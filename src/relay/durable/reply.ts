import { errorResponse } from '../error-response.js';
import type { Replica } from '../replica.js';
import { PROTOCOL_HEADERS } from './headers.js';
import { offsetAt } from './offset.js';

/** A response of the protocol without a body, or with an error. */
export function reply(
  status: number,
  headers: Record<string, string>,
  type?: string,
  message = '',
): Response {
  const all = { ...PROTOCOL_HEADERS, 'cache-control': 'no-store', ...headers };
  if (type !== undefined) return errorResponse(status, type, message, all);
  return new Response(null, { status, headers: all });
}

/** 204 with where the stream ends now. */
export function noContent(replica: Replica, headers: Record<string, string> = {}): Response {
  return reply(204, {
    'stream-next-offset': offsetAt(replica, replica.entries.length),
    ...(replica.end === undefined ? {} : { 'stream-closed': 'true' }),
    ...headers,
  });
}

export function conflict(message: string, headers: Record<string, string> = {}): Response {
  return reply(409, headers, 'conflict_error', message);
}
