import { BadRequestError } from '../errors.js';
import { END, isEnd, type Position } from './engine.js';

/**
 * The id of an event on the wire: `k3f9x2.00002-0000000057`, which sorts as text. The tag is made by the first
 * claim: it tells the ids of this stream from those of another, or of an earlier one of the same name.
 */
export function toWireId(tag: string, position: Position): string {
  const { epoch, seq } = isEnd(position) ? LAST : position;
  return `${tag}.${String(epoch).padStart(5, '0')}-${String(seq).padStart(10, '0')}`;
}

/** The place that an id names; undefined for one that is malformed, or of another stream. */
export function fromWireId(tag: string, id: string): Position | undefined {
  const match = WIRE_ID.exec(id);
  if (match === null || match[1] !== tag) return undefined;
  const position = { epoch: Number(match[2]), seq: Number(match[3]) };
  return position.epoch === LAST.epoch ? END : position;
}

/** What a reader gets that continues after an id of another stream, or a malformed one. */
export function unknownIdError(): BadRequestError {
  return new BadRequestError('the id of the last event is not an id of this stream', {
    status: 400,
    type: 'invalid_request_error',
  });
}

/** A new tag. */
export function randomTag(): string {
  // Its random digits are at hand, which those of `getRandomValues` are not.
  const id = crypto.randomUUID();
  const digits = id.slice(0, 8) + id.slice(9, 11);
  return Number.parseInt(digits, 16).toString(36).padStart(8, '0');
}

const WIRE_ID = /^([a-z0-9]{8})\.(\d{5})-(\d{10})$/;
const LAST: Position = { epoch: 99_999, seq: 9_999_999_999 };
