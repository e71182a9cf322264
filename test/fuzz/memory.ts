import { MessageDraft } from '../../src/message/draft.js';
import type { LooseMessage } from '../../src/message/loose.js';
import { PENDING, toPoll, toPromise } from '../../src/pull/poll.js';
import { ResponseEvents } from '../../src/stream/response-events.js';
import type { Next } from '../../src/stream/source.js';
import { systemClock } from '../../src/transport/clock.js';
import { Deadline } from '../../src/transport/deadline.js';
import type { ResponseBody, ResponseHead } from '../../src/transport/port.js';

const NEVER = { response: Infinity, idle: Infinity, stall: Infinity, total: Infinity };

const HEAD: ResponseHead = {
  status: 200,
  statusText: 'OK',
  headers: () => new Headers({ 'content-type': 'text/event-stream' }),
  header: (name) => (name === 'content-type' ? 'text/event-stream' : null),
  fields: () => [['content-type', 'text/event-stream']],
};

const MAX_EVENT_BYTES = 100_000;

/** The message in a body, whose chunks are there at once or one turn later. */
export async function messageIn(
  chunks: readonly Buffer[],
  isDelayed: boolean,
): Promise<LooseMessage | undefined> {
  const attempt = {
    deadline: new Deadline(NEVER, systemClock, () => {}),
    signal: new AbortController().signal,
  };
  const response = { head: HEAD, body: bodyOf(chunks, isDelayed) };
  const events = new ResponseEvents(response, attempt, MAX_EVENT_BYTES);
  const draft = new MessageDraft();
  for (;;) {
    const event = await toPromise<Next>((wake) => events.next(wake));
    if (event === undefined) return draft.snapshot;
    draft.apply(event);
  }
}

function bodyOf(chunks: readonly Buffer[], isDelayed: boolean): ResponseBody {
  let at = 0;
  const read = (): Buffer | null => {
    // A reader that asks on and on after the end would never end itself.
    if (at > chunks.length) throw new Error('it was read after its end');
    return chunks[at++] ?? null;
  };
  let delayed: ReturnType<typeof toPoll<Buffer | null>> | undefined;
  return {
    read: (wake) => {
      if (!isDelayed) return read();
      delayed ??= toPoll(Promise.resolve().then(read));
      const chunk = delayed(wake);
      if (chunk !== PENDING) delayed = undefined;
      return chunk;
    },
    cancel: () => {},
    finish: () => {},
  };
}
