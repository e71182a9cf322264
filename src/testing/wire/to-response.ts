import type { Exchange } from './exchange.js';
import { createPlayer } from './player.js';

/**
 * An answer as a platform's fetch returns it. Each read takes one chunk, none is created ahead. A
 * cancel or an abort ends the steps, and after an abort the body fails with the signal's reason.
 */
export function toResponse(exchange: Exchange, signal: AbortSignal | undefined): Response {
  const { status, headers } = exchange.answer;
  return new Response(toBody(exchange, signal), { status, headers });
}

/** The error that a platform's fetch throws when a connection fails. */
export function toConnectionError(message: string, code: string): TypeError {
  return new TypeError(message, { cause: Object.assign(new Error(code), { code }) });
}

function toBody(
  { answer, clock, settle }: Exchange,
  signal: AbortSignal | undefined,
): ReadableStream<Uint8Array> {
  const player = createPlayer(answer.plain ?? answer.steps, clock, signal);
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
          // Deferred: the events themselves can abort, and they are running then.
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
        if (taken === 'hang' || taken === 'silence') return new Promise<void>(() => {});
        stopListening();
        settle(taken === 'complete' ? 'complete' : 'broken');
        if (taken === 'complete') controller.close();
        else controller.error(toConnectionError('terminated', 'ECONNRESET'));
      },
      cancel() {
        stopListening();
        leave();
      },
    },
    { highWaterMark: 0 },
  );
}
