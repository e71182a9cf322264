import type { ResponseHead } from './port.js';

/** Status and headers as a Response, without the body: it is read elsewhere. */
export function toResponse(head: ResponseHead): Response {
  const { status, statusText } = head;
  return new Response(null, { status, statusText, headers: head.headers() });
}

/** The API's id for the request. */
export function requestIdOf(head: ResponseHead | undefined): string | undefined {
  return head?.header('request-id') ?? undefined;
}
