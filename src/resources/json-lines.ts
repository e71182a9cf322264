import { ByteList } from '../sse/byte-list.js';
import { type Attempt, chunks } from '../transport/body-text.js';
import type { ResponseBody } from '../transport/port.js';
import { type SizeLimits, tooLarge } from '../transport/size-limits.js';

/** A line of a body. */
export interface Line {
  text: string;
  /** The body ended where its line break should be. */
  isLast: boolean;
}

const LF = 0x0a;

/**
 * The lines of a body as they are received, without empty ones.
 * @throws StreamProtocolError for a line over the limit; APIConnectionError where the body breaks.
 */
export async function* linesOf(
  body: ResponseBody,
  attempt: Attempt,
  limits: SizeLimits,
): AsyncGenerator<Line, void, undefined> {
  const utf8 = new TextDecoder();
  const rest = new ByteList();
  for await (const chunk of chunks(body, attempt, 'idle')) {
    attempt.deadline.progress();
    let start = 0;
    for (let end = chunk.indexOf(LF); end >= 0; end = chunk.indexOf(LF, start)) {
      const text = utf8.decode(rest.take(chunk.subarray(start, end))).trim();
      start = end + 1;
      if (text !== '') yield { text, isLast: false };
    }
    rest.push(chunk.subarray(start));
    if (rest.length > limits.maxMessageBytes) throw tooLarge('line of the results', limits);
  }
  const text = utf8.decode(rest.take()).trim();
  if (text !== '') yield { text, isLast: true };
}
