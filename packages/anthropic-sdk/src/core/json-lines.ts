import { AnthropicError, APIUserAbortError } from './error.js';

/** One line of JSON a value. Leaving it leaves the values. */
export function toLines(values: AsyncIterator<unknown>): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder();
  return new ReadableStream({
    async pull(controller) {
      try {
        const { done, value } = await values.next();
        if (done) controller.close();
        else controller.enqueue(encoder.encode(`${JSON.stringify(value)}\n`));
      } catch (error) {
        controller.error(error);
      }
    },
    async cancel() {
      await values.return?.();
    },
  });
}

/** The values of lines of JSON. @throws AnthropicError for a line that is none. */
export async function* fromLines<T>(
  stream: ReadableStream,
  signal?: AbortSignal,
): AsyncGenerator<T, void, undefined> {
  const decoder = new TextDecoder();
  let rest = '';
  for await (const chunk of chunks(stream)) {
    if (signal?.aborted) throw new APIUserAbortError();
    const lines = (
      rest + (typeof chunk === 'string' ? chunk : decoder.decode(chunk, { stream: true }))
    ).split(/\r\n|\n|\r/);
    rest = lines.pop() ?? '';
    for (const line of lines) if (line) yield parseLine<T>(line);
  }
  rest += decoder.decode();
  if (rest) yield parseLine<T>(rest);
}

/** Browsers without async iteration of streams have readers. */
async function* chunks(
  stream: ReadableStream,
): AsyncGenerator<Uint8Array | string, void, undefined> {
  const reader = stream.getReader();
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      yield value;
    }
  } finally {
    await reader.cancel().catch(() => undefined);
  }
}

function parseLine<T>(line: string): T {
  try {
    return JSON.parse(line);
  } catch (cause) {
    throw Object.assign(new AnthropicError(`Not a line of JSON: ${line}`), { cause });
  }
}
