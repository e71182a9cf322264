import {
  decodeChunk,
  type EncodedChunk,
  isChunk,
  type RecordedEnd,
  type RecordedRequest,
  type RecordedResponse,
} from '../../../src/recording/format.js';
import { NOTE_NAMES, type SentNote } from '../../../src/recording/notes.js';
import { Attempt, type Note } from './attempt.js';
import { BytePool } from './byte-pool.js';

/** A request of a list of events, of which no more is known. */
const ASSUMED: RecordedResponse = {
  status: 200,
  headers: { 'content-type': 'text/event-stream' },
};

/**
 * A file, read as it grows. It has one of three formats: an exchange, events as JSON lines, or the bytes of an
 * event stream. Events can be those of several responses in a row.
 */
export class RecordedFile {
  readonly name: string;
  readonly attempts: Attempt[] = [];
  /** What is wrong with it, where it is no recording. */
  problem: string | undefined;
  readonly #pool = new BytePool();
  /** Chunks of the last attempt whose texts are not encoded yet. */
  #texts: TextChunk[] = [];
  #line = '';
  #lines = 0;
  #take: ((line: string) => void) | undefined;

  constructor(name: string) {
    this.name = name;
  }

  push(text: string): void {
    if (this.problem !== undefined) return;
    const lines = (this.#line + text).split('\n');
    this.#line = lines.pop() as string;
    // An object without its line end is whole all the same.
    if (/^\s*\{.*\}\s*$/.test(this.#line) && isJson(this.#line)) {
      lines.push(this.#line);
      this.#line = '';
    }
    for (const line of lines) this.#push(line);
    this.#flush();
  }

  /** The file is read to its end, and will not grow: ends what its format gives no end. */
  finish(): void {
    if (this.#line !== '') this.#push(this.#line);
    this.#line = '';
    this.#flush();
    const last = this.attempts.at(-1);
    if (last !== undefined && !last.isTimed && last.end === undefined) {
      last.finish({ at: last.events.length, end: 'complete' });
    }
    if (this.#lines === 0) this.problem = 'the file is empty';
  }

  #push(line: string): void {
    if (line.trim() === '' && this.#take !== this.#bytes) return;
    this.#lines++;
    this.#take ??= this.#formatOf(line);
    try {
      this.#take(line);
    } catch (error) {
      this.problem = `line ${this.#lines}: ${(error as Error).message}`;
    }
  }

  #formatOf(line: string): (line: string) => void {
    if (/^\s*\{\s*"request"\s*:/.test(line)) return this.#exchange;
    return line.trimStart().startsWith('{') ? this.#event : this.#bytes;
  }

  readonly #exchange = (line: string): void => {
    const value = JSON.parse(line) as ExchangeLine;
    if (isTextChunk(value)) {
      this.#texts.push(value);
      return;
    }
    this.#flush();
    if (value.request !== undefined) {
      const attempt = new Attempt(true);
      attempt.request = value.request;
      this.attempts.push(attempt);
      return;
    }
    const attempt = this.attempts.at(-1) as Attempt;
    if (isChunk(value)) attempt.push(decodeChunk(value));
    else if (value.response !== undefined) {
      attempt.response = value.response;
      attempt.responseAt = value.at;
    } else if (value.end !== undefined) attempt.finish(value as RecordedEnd);
    else if (value.sent !== undefined) attempt.sent = value.sent;
    else addNote(attempt, value);
  };

  #flush(): void {
    const chunks = this.#texts;
    if (chunks.length === 0) return;
    this.#texts = [];
    const attempt = this.attempts.at(-1) as Attempt;
    const encoded = this.#pool.encodeAll(chunks.map(({ text }) => text));
    chunks.forEach(({ at }, number) => {
      attempt.push({ at, bytes: encoded[number] as Uint8Array });
    });
  }

  readonly #event = (line: string): void => {
    const event = JSON.parse(line) as { type?: unknown };
    if (typeof event.type !== 'string') throw new Error('it is neither a recording nor an event');
    const attempt = this.#untimed();
    const bytes = this.#pool.encode(`event: ${event.type}\ndata: ${line.trim()}\n\n`);
    attempt.push({ at: attempt.events.length, bytes });
    if (event.type === 'message_stop') this.#end(attempt);
  };

  readonly #bytes = (line: string): void => {
    const attempt = this.#untimed();
    attempt.push({ at: attempt.events.length, bytes: this.#pool.encode(`${line}\n`) });
    if (attempt.isComplete) this.#end(attempt);
  };

  #end(attempt: Attempt): void {
    attempt.finish({ at: attempt.events.length, end: 'complete' });
  }

  /** The response that the next event is of. */
  #untimed(): Attempt {
    const last = this.attempts.at(-1);
    if (last !== undefined && last.end === undefined) return last;
    const attempt = new Attempt(false);
    attempt.response = ASSUMED;
    this.attempts.push(attempt);
    return attempt;
  }
}

type TextChunk = Extract<EncodedChunk, { text: string }>;

type ExchangeLine = Partial<EncodedChunk> &
  Partial<RecordedEnd> & {
    request?: RecordedRequest;
    response?: RecordedResponse;
    sent?: SentNote;
  };

function isTextChunk(value: object): value is TextChunk {
  return 'text' in value && isChunk(value);
}

function addNote(attempt: Attempt, value: object): void {
  const name = NOTE_NAMES.find((one) => one in value);
  if (name === undefined) return;
  const { at = 0, [name]: noted } = value as { at?: number } & Record<string, unknown>;
  attempt.notes.push({ at, name, value: noted } as Note);
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
