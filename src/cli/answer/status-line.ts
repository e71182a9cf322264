import type { Terminal } from '../terminal.js';
import type { Style } from './style.js';
import { getStyle } from './style.js';

/** The status until the first token arrives. @param elapsed in milliseconds. */
export function toStatusText(model: string, elapsed: number, news = ''): string {
  return [model, `${(elapsed / 1000).toFixed(1)} s`, news]
    .filter((part) => part !== '')
    .join(' · ');
}

const INTERVAL_MS = 100;

/** A line on stderr that shows how long the answer has taken so far. Only terminals show it. */
export class StatusLine {
  readonly #stderr: NodeJS.WriteStream;
  readonly #style: Style;
  readonly #isVisible: boolean;
  #timer: NodeJS.Timeout | undefined;
  #news = '';

  constructor({ stderr, env }: Terminal) {
    this.#stderr = stderr;
    this.#style = getStyle(stderr, env);
    this.#isVisible = stderr.isTTY === true && env.TERM !== 'dumb';
  }

  start(model: string): void {
    if (!this.#isVisible) return;
    const start = performance.now();
    const draw = (): void => {
      const text = toStatusText(model, performance.now() - start, this.#news);
      // A wrapped line couldn't be cleared.
      const line = text.slice(0, Math.max(0, (this.#stderr.columns || 80) - 1));
      this.#stderr.write(`\r\u001b[K${this.#style.dim(line)}`);
    };
    this.#timer = setInterval(draw, INTERVAL_MS);
    draw();
  }

  /** Shows news in the status line while there is one, else on a line of stderr. */
  report(news: string): void {
    this.#news = news;
    if (this.#timer === undefined) this.#stderr.write(`millrace: ${news}\n`);
  }

  /** Removes the line for good. */
  clear(): void {
    if (this.#timer === undefined) return;
    clearInterval(this.#timer);
    this.#timer = undefined;
    this.#stderr.write('\r\u001b[K');
  }
}
