import { isRecord } from '../json/is-record.js';
import { MAX_DEPTH } from '../json/limits.js';
import { parseJson } from '../json/parse-json.js';

/** The input of a call: an object, where it can be read as one. Some servers write it as JSON in a text. */
export function toInput(input: unknown): unknown {
  if (isEmptyInput(input)) return {};
  if (typeof input !== 'string') return input;
  try {
    const value = parseJson(input, MAX_DEPTH);
    return isRecord(value) ? value : input;
  } catch {
    return input;
  }
}

/** How servers write that a call has no arguments, besides `{}`. PHP has one kind of empty array. */
export function isEmptyInput(input: unknown): boolean {
  if (Array.isArray(input)) return input.length === 0;
  return input == null || (typeof input === 'string' && EMPTY_INPUT.test(input));
}

const EMPTY_INPUT = /^\s{0,9}(?:|\{\}|\[\]|null|"")\s{0,9}$/;
