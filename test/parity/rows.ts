import type { Section } from './row.js';
import { CLIENT } from './rows/client.js';
import { ERRORS } from './rows/errors.js';
import { EVENTS } from './rows/events.js';
import { INTERRUPTION } from './rows/interruption.js';
import { MESSAGES } from './rows/messages.js';
import { PARAMS } from './rows/params.js';
import { STREAMS, TOOLS } from './rows/streams.js';
import { TEXT } from './rows/text.js';

/** Python's streaming interface, as four of its documents and its own page on helpers show it. */
export const SECTIONS: readonly Section[] = [
  TEXT,
  MESSAGES,
  EVENTS,
  STREAMS,
  TOOLS,
  PARAMS,
  CLIENT,
  ERRORS,
  INTERRUPTION,
];
