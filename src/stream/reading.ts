import { inputCode } from './input-code.js';
import { ResponseEvents } from './response-events.js';

/**
 * What reads the events of a response, for code that is loaded later. It is passed there: a bundler keeps what is
 * loaded later if that imports what loads code itself.
 */
export interface Reading {
  ResponseEvents: typeof ResponseEvents;
  inputCode: typeof inputCode;
}

export const READING: Reading = { ResponseEvents, inputCode };
