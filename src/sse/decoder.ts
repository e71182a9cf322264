import { LineReader } from './lines.js';
import { SizeLimit } from './size-limit.js';

/** One server-sent event: the `event:` field ('' when there was none) and the joined `data:` lines. */
export interface ServerSentEvent {
  event: string;
  data: string;
}

/** Default limit on one event, in bytes. */
export const MAX_EVENT_BYTES = 33_554_432;

/**
 * A push decoder for `text/event-stream`: bytes in, events out, whatever the chunks.
 *
 * Follows the grammar of the HTML Living Standard (§9.2.6). Where servers in the field leave it, it
 * does what loses nothing: an event whose final blank line is missing is given by `end()`.
 *
 * Decoding is on demand: `push` stores, `next` scans up to one blank line. The cost is linear in the
 * bytes, however long a line is and however small the chunks are.
 */
export class SseDecoder {
  readonly #lines = new LineReader();
  readonly #size: SizeLimit;
  #event = '';
  #data: string | undefined;
  /** The last `id:` line, which counts once its event is whole. */
  #id = '';
  #lastEventId = '';
  #retry: number | undefined;
  /** Lines that follow it. A string for each sum so far would take more memory than the lines. */
  #more: string[] = [];

  /** @param maxEventBytes the most that one event's `data:` lines, or any one line, may take. */
  constructor(maxEventBytes: number = MAX_EVENT_BYTES) {
    this.#size = new SizeLimit(maxEventBytes);
  }

  /**
   * How many bytes of what was decoded so far are not counted by the lengths of its strings: with them, a
   * sum of lengths is a number of bytes.
   */
  get bytesBeyondUnits(): number {
    return this.#lines.bytesBeyondUnits;
  }

  /** The id of the last event that `next` returned; '' where none had one. The Messages API sends none. */
  get lastEventId(): string {
    return this.#lastEventId;
  }

  /** How long to wait before a new connection, in milliseconds, where the server has said so. */
  get retry(): number | undefined {
    return this.#retry;
  }

  push(chunk: Uint8Array): void {
    this.#lines.push(chunk);
  }

  /**
   * The next finished event; undefined when more bytes are needed.
   * @throws StreamProtocolError where the event being read is over the limit, after the events before it.
   */
  next(): ServerSentEvent | undefined {
    if (this.#lines.isDrained) return undefined;
    if (this.#data === undefined && this.#event === '') {
      const plain = this.#lines.nextPlainEvent(this.#size.surelyFits);
      if (plain !== undefined) {
        // Its id may have arrived in an earlier chunk.
        this.#lastEventId = this.#id;
        return plain;
      }
    }
    for (;;) {
      const line = this.#lines.next();
      if (line === undefined) {
        this.#size.checkBytes(this.#lines.unfinishedBytes);
        return undefined;
      }
      this.#size.checkLine(line);
      if (line !== '') this.#field(line);
      else if (this.#data !== undefined) return this.#take(this.#data);
      else this.#skip();
    }
  }

  /**
   * The next event, where the bytes at hand begin with one that a pattern matches; null leaves it to `next`. One look
   * for all of it costs half of what its lines cost. `skip` takes it.
   * @param pattern sticky; matches the lines of an event, each with its LF, and the blank line that ends it. None of
   * them is an `id:` or a `retry:`.
   */
  match(pattern: RegExp): RegExpExecArray | null {
    if (this.#data !== undefined || this.#event !== '') return null;
    return this.#lines.match(pattern, this.#size.surelyFits);
  }

  /** Takes an event that `match` has found. */
  skip({ 0: event }: RegExpExecArray): void {
    this.#lines.skip(event.length);
    // Its id may have arrived in an earlier chunk.
    this.#lastEventId = this.#id;
  }

  /** After the last chunk, once `next` gave undefined: the event that no blank line closed. */
  end(): ServerSentEvent | undefined {
    const rest = this.#lines.end();
    if (rest !== '') this.#field(rest);
    return this.#data === undefined ? undefined : this.#take(this.#data);
  }

  /**
   * All events that a chunk ends; without a chunk what is left at the end.
   * @throws as `next` does.
   */
  *eventsIn(chunk?: Uint8Array): Generator<ServerSentEvent> {
    if (chunk !== undefined) this.push(chunk);
    for (let event = this.next(); event !== undefined; event = this.next()) yield event;
    const last = chunk === undefined ? this.end() : undefined;
    if (last !== undefined) yield last;
  }

  #field(line: string): void {
    const colon = line.indexOf(':');
    const name = colon === -1 ? line : line.slice(0, colon);
    if (name === 'data') {
      const value = fieldValue(line, colon);
      if (this.#data === undefined) this.#data = value;
      else if (this.#more.push(value) >= MOST_LINES) this.#data = this.#joined(this.#data);
      this.#size.add(line);
    } else if (name === 'event') {
      this.#event = fieldValue(line, colon);
    } else if (name === 'id') {
      this.#id = fieldValue(line, colon);
    } else if (name === 'retry') {
      const value = fieldValue(line, colon);
      if (/^\d{1,9}$/.test(value)) this.#retry = Number(value);
    }
  }

  /** A blank line that ends no event. */
  #skip(): void {
    this.#event = '';
    this.#lastEventId = this.#id;
  }

  #joined(data: string): string {
    const more = this.#more;
    if (more.length === 0) return data;
    this.#more = [];
    return `${data}\n${more.join('\n')}`;
  }

  #take(data: string): ServerSentEvent {
    const taken = { event: this.#event, data: this.#joined(data) };
    this.#event = '';
    this.#data = undefined;
    this.#lastEventId = this.#id;
    this.#size.reset();
    return taken;
  }
}

/** How many lines of an event are kept apart. */
const MOST_LINES = 64;

function fieldValue(line: string, colon: number): string {
  if (colon === -1) return '';
  return line.slice(line.charCodeAt(colon + 1) === 0x20 ? colon + 2 : colon + 1);
}
