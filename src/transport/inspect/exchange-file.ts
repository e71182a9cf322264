import { appendFile } from 'node:fs/promises';
import { encodeLine, type RecordedEnd } from '../../recording/format.js';
import { redactLine } from '../../recording/redact.js';

/** One file. Lines are written in their order, several at once where they come fast. */
export class ExchangeFile {
  readonly #path: string;
  #since: number | undefined;
  #secrets: readonly string[] = [];
  #pending = '';
  #writing: Promise<unknown>;
  #isOver = false;

  constructor(path: string, made: Promise<unknown>) {
    this.#path = path;
    this.#writing = made;
  }

  begin(time: number, secrets: readonly string[]): void {
    this.#since = time;
    this.#secrets = secrets;
  }

  /** A line with the time since the request. Before it there is nothing to note: its requests may be another's to record. */
  add(line: object, time: number = performance.now()): void {
    if (this.#since === undefined) return;
    this.write({ ...line, at: Math.max(0, Math.round(time - this.#since)) });
  }

  end(end: RecordedEnd['end']): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.add({ end });
  }

  write(line: object): void {
    const isWaiting = this.#pending !== '';
    this.#pending += encodeLine(redactLine(line, this.#secrets));
    if (isWaiting) return;
    const flush = (): Promise<void> => {
      const text = this.#pending;
      this.#pending = '';
      return appendFile(this.#path, text);
    };
    // A disk that is full loses the recording, and no request.
    this.#writing = this.#writing.then(flush).catch(() => {});
  }
}
