import type { ServerSentEvent } from './decoder.js';

/** The text of one server-sent event. Line breaks in `data` become several `data:` lines. */
export function encodeEvent({ event, data }: ServerSentEvent): string {
  const name = event === '' ? '' : `event: ${event}\n`;
  return `${name}data: ${data.replaceAll('\n', '\ndata: ')}\n\n`;
}
