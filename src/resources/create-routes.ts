import { toPromise } from '../pull/poll.js';
import type { RawSource } from '../stream/raw-stream-core.js';
import { sendJson } from '../stream/send-json.js';
import type { EventSource, SourceOwner } from '../stream/source.js';
import { Stream } from '../stream/stream.js';
import { tracedAnswer } from '../stream/traced-answer.js';
import type { AbortSignals } from '../transport/on-abort.js';
import type { RequestOptions } from '../transport/options.js';
import type { ResponseHead } from '../transport/port.js';
import type { AnyMessage } from '../wire/beta.js';
import type { RawMessageStreamEvent } from '../wire/events.js';
import type { TracedCall } from './made-call.js';
import type { Answer } from './response-promise.js';

/** A call whose response is one JSON document. */
export async function sendTraced<T>(
  { call, settings, trace, reading }: TracedCall,
  options: RequestOptions,
): Promise<Answer<T>> {
  const send = (): Promise<Answer<T>> => sendJson<T>(settings, call, options, reading);
  return trace === undefined ? send() : tracedAnswer(trace, send);
}

/** The raw events of a message, once there are response headers. */
export async function openRaw<M extends AnyMessage>(
  open: (owner: Pick<SourceOwner, 'onHead'>) => EventSource,
  signals: AbortSignals,
): Promise<Answer<Stream<RawMessageStreamEvent<M>>>> {
  let head: ResponseHead | undefined;
  const source = open({
    onHead: (latest) => {
      head = latest;
    },
  });
  const data = new Stream<RawMessageStreamEvent<M>>({
    head: () => head,
    next: ((wake) => source.next(wake)) as RawSource<RawMessageStreamEvent<M>>['next'],
    cancel: (reason) => source.cancel(reason),
    signals,
  });
  try {
    return { data, head: await toPromise<ResponseHead>((wake) => source.connect(wake)) };
  } catch (error) {
    data.close();
    throw error;
  }
}
