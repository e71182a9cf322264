import { accumulate } from '../../message/accumulate.js';
import type { UntypedEvent } from '../../message/untyped.js';
import type { RawMessageStreamEvent } from '../../wire/events.js';
import { type Answer, isEventStream, toMessageBody } from '../model/answer.js';
import type { Fault, Place } from '../model/fault.js';
import { isBytes, type Step, toTextStep } from '../model/step.js';
import { changeEvents } from './change-steps.js';
import { bendSteps, type Dialect } from './dialects.js';
import { markPlace, PLACE } from './mark-place.js';

/** A fault that changes all the steps of an answer. */
export function changeSteps(
  name: string,
  change: (steps: Iterable<Step>, requestId: string) => Iterable<Step>,
): Fault {
  return {
    name,
    // Before a fault, steps are always iterable synchronously: only a proxy's aren't.
    apply: (answer, requestId) => ({
      ...answer,
      steps: change(answer.steps as Iterable<Step>, requestId),
    }),
  };
}

/** A fault that replaces the rest of an answer, from a place on. */
export function changeRest(
  name: string,
  place: Place,
  replace: (rest: Iterable<Step>, requestId: string) => Iterable<Step>,
): Fault {
  return changeSteps(nameAt(name, place), function* (steps, requestId) {
    const all = markPlace(steps, place);
    try {
      for (let { done, value } = all.next(); !done; { done, value } = all.next()) {
        if (value !== PLACE) yield value as Step;
        else return yield* replace(all as Iterable<Step>, requestId);
      }
    } finally {
      all.return();
    }
  });
}

/** A fault that changes the text of each event. */
export function changeText(name: string, change: (event: string) => string): Fault {
  return changeSteps(name, (steps) => changeEvents(steps, change));
}

/** A fault of the connection, instead of a response. */
export function fail(name: string, failure: NonNullable<Answer['failure']>): Fault {
  return { name, apply: (answer) => ({ ...answer, failure }) };
}

/** A fault of the connection, instead of a response or from a place on. */
export function breakAt(
  name: string,
  place: Place | undefined,
  failure: 'reset-stream' | 'silence' | 'reset',
): Fault {
  if (place === undefined) return fail(name, failure);
  return changeRest(name, place, () => [{ end: failure }]);
}

/** @returns such as `cut@event:3`. */
export function nameAt(name: string, place: Place | undefined): string {
  if (place === undefined) return name;
  return `${name}@${'event' in place ? 'event:' : ''}${Object.values(place)[0]}`;
}

/** A stream as a gateway without streaming sends it: one JSON message. Other answers don't change. */
export function collectAsJson(answer: Answer): Answer {
  if (!isEventStream(answer)) return answer;
  const { 'cache-control': _, ...headers } = answer.headers;
  return {
    ...answer,
    headers: { ...headers, 'content-type': 'application/json' },
    steps: collectSteps(answer.steps as Iterable<Step>),
  };
}

/** A stream in another server's dialect. Other answers don't change. */
export function inDialect(answer: Answer, dialect: Dialect): Answer {
  if (!isEventStream(answer)) return answer;
  return { ...answer, steps: bendSteps(answer.steps as Iterable<Step>, dialect, collectSteps) };
}

function* collectSteps(steps: Iterable<Step>): Generator<Step, void, undefined> {
  const events: UntypedEvent[] = [];
  for (const step of steps) {
    if (!isBytes(step)) yield step;
    else if (step.event !== undefined) events.push(step.event);
  }
  const failure = events.find(({ type }) => type === 'error');
  yield toTextStep(JSON.stringify(failure ?? collectMessage(events)));
}

function collectMessage(events: readonly UntypedEvent[]): object | undefined {
  const message = accumulate(events as unknown as RawMessageStreamEvent[]);
  return message && toMessageBody(message);
}
