import type { Printer } from '../printer.js';
import type { Terminal } from '../terminal.js';

/** The status until the first token arrives. @param elapsed in milliseconds. */
export function toStatusText(model: string, elapsed: number, news = ''): string {
  return [model, `${(elapsed / 1000).toFixed(1)} s`, news]
    .filter((part) => part !== '')
    .join(' · ');
}

const INTERVAL_MS = 100;

/** A line on stderr that shows how long the answer has taken so far. Only terminals show it. */
export class StatusLine {
  readonly #stderr: Printer;
  #timer: NodeJS.Timeout | undefined;
  #news = '';

  constructor({ stderr }: Terminal) {
    this.#stderr = stderr;
  }

  start(model: string): void {
    if (!this.#stderr.canRedraw) return;
    const start = performance.now();
    const draw = (): void =>
      this.#stderr.redrawLine(toStatusText(model, performance.now() - start, this.#news));
    this.#timer = setInterval(draw, INTERVAL_MS);
    draw();
  }

  /** Shows news in the status line while there is one, else on a line of stderr. */
  report(news: string): void {
    this.#news = news;
    if (this.#timer === undefined) this.#stderr.printLine(`millrace: ${news}`);
  }

  /** Removes the line for good. */
  clear(): void {
    if (this.#timer === undefined) return;
    clearInterval(this.#timer);
    this.#timer = undefined;
    this.#stderr.clearLine();
  }
}
