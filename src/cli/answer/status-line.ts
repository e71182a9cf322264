import type { Terminal } from '../terminal.js';
import type { Style } from './style.js';
import { styleFor } from './style.js';

/** What is said while the first token is waited for. @param elapsed in milliseconds. */
export function statusText(model: string, elapsed: number, news = ''): string {
  return [model, `${(elapsed / 1000).toFixed(1)} s`, news]
    .filter((part) => part !== '')
    .join(' · ');
}

const EVERY_MS = 100;

/** A line on stderr that tells a person how long we have waited. Nothing where nobody looks on. */
export class StatusLine {
  readonly #stderr: NodeJS.WriteStream;
  readonly #style: Style;
  #timer: NodeJS.Timeout | undefined;
  #news = '';

  constructor({ stderr, env }: Terminal) {
    this.#stderr = stderr;
    this.#style = styleFor(stderr, env);
    this.#isSeen = stderr.isTTY === true && env.TERM !== 'dumb';
  }

  readonly #isSeen: boolean;

  start(model: string): void {
    if (!this.#isSeen) return;
    const since = performance.now();
    const draw = (): void => {
      const text = statusText(model, performance.now() - since, this.#news);
      // A line that wraps cannot be taken away again.
      const line = text.slice(0, Math.max(0, (this.#stderr.columns || 80) - 1));
      this.#stderr.write(`\r\u001b[K${this.#style.dim(line)}`);
    };
    this.#timer = setInterval(draw, EVERY_MS);
    draw();
  }

  /** Says in one line what happened; on a terminal while the status stays below it. */
  tell(news: string): void {
    this.#news = news;
    if (this.#timer === undefined) this.#stderr.write(`millrace: ${news}\n`);
  }

  /** Takes the line away, for good. */
  clear(): void {
    if (this.#timer === undefined) return;
    clearInterval(this.#timer);
    this.#timer = undefined;
    this.#stderr.write('\r\u001b[K');
  }
}
