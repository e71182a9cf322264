import type { ServerSentEvent } from '../sse/decoder.js';

/** Text of an event stream in, its events out, whatever the pieces; see SseDecoder, which has limits, too. */
export class EventsIn {
  readonly #utf8 = new TextDecoder();
  /** A line without its end. Never looked into: adding to it costs O(1). */
  #line = '';
  #endedWithCr = false;
  #event = '';
  #data: string[] = [];

  /** @param chunk undefined at the end: then an event that no blank line closed is given too. */
  push(chunk?: Uint8Array): ServerSentEvent[] {
    const found: ServerSentEvent[] = [];
    let text = this.#utf8.decode(chunk, { stream: chunk !== undefined });
    if (this.#endedWithCr && text[0] === '\n') text = text.slice(1);
    if (text !== '') this.#endedWithCr = text.endsWith('\r');
    const lines = text.split(/\r\n?|\n/);
    // The line that the end closes, and a blank one.
    if (chunk === undefined) lines.push('', '');
    const last = lines.pop() as string;
    for (const end of lines) {
      this.#take(this.#line + end, found);
      this.#line = '';
    }
    this.#line += last;
    return found;
  }

  #take(line: string, found: ServerSentEvent[]): void {
    const [, name, value = ''] = /^([^:]*):? ?(.*)$/s.exec(line) as RegExpExecArray;
    if (name === 'data') this.#data.push(value);
    else if (name === 'event') this.#event = value;
    if (line !== '') return;
    if (this.#data.length > 0) found.push({ event: this.#event, data: this.#data.join('\n') });
    this.#event = '';
    this.#data = [];
  }
}
