import { asAnthropicError } from '../errors.js';
import { RunStream } from '../tools/run-stream.js';
import type { AnyMessage } from '../wire/beta.js';
import type { Message } from '../wire/message.js';

/** A run that is read from its relay. `close()` leaves; `relay.stop()` stops it for everyone. */
export type RelayedRun<M extends AnyMessage = Message> = RunStream<M> & {
  /** For `relay.followRun`, `relay.stop` and `relay.handle`. */
  readonly id: string;
};

/** @param open is called at the first read: a run that no one reads holds nothing. */
export function relayedRun<M extends AnyMessage>(
  id: string,
  open: () => Promise<Response>,
  signal?: AbortSignal,
): RelayedRun<M> {
  let reader: ReadableStreamDefaultReader<Uint8Array> | undefined;
  const body = new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        try {
          reader ??= ((await open()).body as ReadableStream<Uint8Array>).getReader();
          const { done, value } = await reader.read();
          if (done) controller.close();
          else controller.enqueue(value);
        } catch (error) {
          controller.error(asAnthropicError(error));
        }
      },
      cancel: (reason) => reader?.cancel(reason),
    },
    { highWaterMark: 0 },
  );
  return Object.assign(RunStream.from<M>(body, { signal }), { id });
}
