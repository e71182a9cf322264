import type { Exchange } from './exchange.js';
import { playerOf } from './player.js';

/**
 * An answer as a platform's fetch gives it. Each read takes one chunk, none is made ahead; a cancel
 * or an abort ends the steps, and after an abort the body fails with the signal's reason.
 */
export function toResponse(exchange: Exchange, signal: AbortSignal | undefined): Response {
  const { status, headers } = exchange.answer;
  return new Response(bodyOf(exchange, signal), { status, headers });
}

/** What a platform's fetch says where a connection fails. */
export function connectionFailure(message: string, code: string): TypeError {
  return new TypeError(message, { cause: Object.assign(new Error(code), { code }) });
}

function bodyOf(
  { answer, clock, settle }: Exchange,
  signal: AbortSignal | undefined,
): ReadableStream<Uint8Array> {
  const player = playerOf(answer.plain ?? answer.steps, clock, signal);
  let stopListening = (): void => {};
  const leave = (): void => {
    settle('left');
    player.stop();
  };
  return new ReadableStream<Uint8Array>(
    {
      start(controller) {
        const abort = (): void => {
          controller.error(signal?.reason);
          // Not now: what aborts may be the events themselves, which are running then.
          queueMicrotask(leave);
        };
        signal?.addEventListener('abort', abort, { once: true });
        stopListening = () => signal?.removeEventListener('abort', abort);
      },
      async pull(controller) {
        const taken = await player.next();
        if (signal?.aborted) return;
        if (typeof taken === 'object') {
          settle.sending(taken);
          return controller.enqueue(taken.bytes);
        }
        if (taken === 'hang') return new Promise<void>(() => {});
        stopListening();
        settle(taken === 'complete' ? 'complete' : 'broken');
        if (taken === 'complete') controller.close();
        else controller.error(connectionFailure('terminated', 'ECONNRESET'));
      },
      cancel() {
        stopListening();
        leave();
      },
    },
    { highWaterMark: 0 },
  );
}
