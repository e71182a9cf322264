import type { Answer } from './answer.js';

/**
 * An answer as a platform's fetch gives it. Each read takes one chunk, none is made ahead; a cancel
 * or an abort ends the chunks, and after an abort the body fails with the signal's reason.
 */
export function toResponse(
  { status, headers, chunks }: Answer,
  signal: AbortSignal | undefined,
): Response {
  return new Response(bodyOf(chunks[Symbol.iterator](), signal), { status, headers });
}

function bodyOf(
  chunks: Iterator<string>,
  signal: AbortSignal | undefined,
): ReadableStream<Uint8Array> {
  const utf8 = new TextEncoder();
  let stopListening = (): void => {};
  return new ReadableStream<Uint8Array>(
    {
      start(controller) {
        const abort = (): void => {
          controller.error(signal?.reason);
          // Not now: what aborts may be the events themselves, which are running then.
          queueMicrotask(() => chunks.return?.());
        };
        signal?.addEventListener('abort', abort, { once: true });
        stopListening = () => signal?.removeEventListener('abort', abort);
      },
      pull(controller) {
        const { done, value } = chunks.next();
        if (signal?.aborted) return;
        if (!done) return controller.enqueue(utf8.encode(value));
        stopListening();
        controller.close();
      },
      cancel() {
        stopListening();
        chunks.return?.();
      },
    },
    { highWaterMark: 0 },
  );
}
