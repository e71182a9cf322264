import { MessageStream as CoreStream } from 'millrace';
import { fromLines } from '../core/json-lines.js';
import type { OpenCoreStream } from './base-message-stream.js';

/** Opens what `toReadableStream()` made. */
export function fromJsonLines(stream: ReadableStream): OpenCoreStream {
  return (signal) => CoreStream.from(toServerSentEvents(stream), { signal });
}

/** Lines of JSON as server-sent events, which millrace reads. */
function toServerSentEvents(stream: ReadableStream): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder();
  const events = fromLines<{ type: string }>(stream);
  return new ReadableStream({
    async pull(controller) {
      const { done, value } = await events.next();
      if (done) controller.close();
      else {
        const data = JSON.stringify(value);
        controller.enqueue(encoder.encode(`event: ${value.type}\ndata: ${data}\n\n`));
      }
    },
    async cancel() {
      await events.return();
    },
  });
}
