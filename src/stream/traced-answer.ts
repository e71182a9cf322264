import { asAnthropicError } from '../errors.js';
import { isRecord } from '../json/is-record.js';
import type { UntypedMessage } from '../message/untyped.js';
import type { StreamTrace } from '../trace/stream-trace.js';
import { learnMessage } from './traced-source.js';

/** The answer to a call that is one JSON document, told to a trace. */
export async function tracedAnswer<A extends { data: unknown }>(
  trace: StreamTrace,
  send: () => Promise<A>,
): Promise<A> {
  trace.begin();
  try {
    const answer = await send();
    answered(trace, answer.data);
    return answer;
  } catch (error) {
    trace.end(asAnthropicError(error));
    throw error;
  }
}

/** Ends the trace of a call with its answer. */
export function answered(trace: StreamTrace, data: unknown): void {
  if (isRecord(data) && Array.isArray(data.content)) {
    const message = data as unknown as UntypedMessage;
    learnMessage(trace.context, message);
    if (trace.wantsContent) trace.said({ type: 'message', message });
  }
  trace.end();
}
