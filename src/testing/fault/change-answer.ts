import { accumulate } from '../../message/accumulate.js';
import { withoutInputState } from '../../message/tool-input.js';
import type { UntypedEvent } from '../../message/untyped.js';
import type { RawMessageStreamEvent } from '../../wire/events.js';
import { isSent, type Step, sent } from '../model/step.js';
import type { Answer } from '../script/answer-reply.js';

/** A stream as a gateway sends it that knows no streams: one JSON message. Other answers stay. */
export function asJson(answer: Answer): Answer {
  if (!answer.headers['content-type']?.startsWith('text/event-stream')) return answer;
  const { 'cache-control': _, ...headers } = answer.headers;
  return {
    ...answer,
    headers: { ...headers, 'content-type': 'application/json' },
    steps: whole(answer.steps as Iterable<Step>),
  };
}

function* whole(steps: Iterable<Step>): Generator<Step, void, undefined> {
  const events: UntypedEvent[] = [];
  for (const step of steps) {
    if (!isSent(step)) yield step;
    else if (step.event !== undefined) events.push(step.event);
  }
  const failure = events.find(({ type }) => type === 'error');
  yield sent(JSON.stringify(failure ?? messageOf(events)));
}

function messageOf(events: readonly UntypedEvent[]): object | undefined {
  const message = accumulate(events as unknown as RawMessageStreamEvent[]);
  return (
    message && { ...message, content: message.content.map((block) => withoutInputState(block)) }
  );
}
