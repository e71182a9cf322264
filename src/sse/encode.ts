import type { ServerSentEvent } from './decoder.js';

/**
 * The text of one server-sent event. Line breaks in `data` become several `data:` lines, all of them
 * LF to the decoder; in `event` they become spaces.
 */
export function encodeEvent({ event, data }: ServerSentEvent): string {
  const name = event === '' ? '' : `event: ${event.replace(LINE_BREAK, ' ')}\n`;
  return `${name}data: ${data.replace(LINE_BREAK, '\ndata: ')}\n\n`;
}

const LINE_BREAK = /\r\n?|\n/g;
