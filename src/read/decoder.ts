import type { ServerSentEvent } from '../sse/decoder.js';

/**
 * Text of an event stream in, its events out, whatever the pieces; see SseDecoder, which has limits, too.
 * @returns takes a chunk; undefined at the end: then an event that no blank line closed is returned too.
 */
export function decoder(): (chunk?: Uint8Array) => ServerSentEvent[] {
  const utf8 = new TextDecoder();
  /** A line without its end. Never looked into: adding to it costs O(1). */
  let unfinished = '';
  let endedWithCr = false;
  let event = '';
  let data: string[] = [];
  const take = (line: string, found: ServerSentEvent[]): void => {
    const [, name, value = ''] = /^([^:]*):? ?(.*)$/s.exec(line) as RegExpExecArray;
    if (name === 'data') data.push(value);
    else if (name === 'event') event = value;
    if (line !== '') return;
    if (data.length > 0) found.push({ event, data: data.join('\n') });
    event = '';
    data = [];
  };
  return (chunk) => {
    const found: ServerSentEvent[] = [];
    let text = utf8.decode(chunk, { stream: chunk !== undefined });
    if (endedWithCr && text[0] === '\n') text = text.slice(1);
    if (text !== '') endedWithCr = text.endsWith('\r');
    const lines = text.split(/\r\n?|\n/);
    // The line that the end closes, and a blank one.
    if (chunk === undefined) lines.push('', '');
    const last = lines.pop() as string;
    for (const end of lines) {
      const line = unfinished + end;
      unfinished = '';
      take(line, found);
    }
    unfinished += last;
    return found;
  };
}
