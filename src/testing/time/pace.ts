import { type Answer, isEventStream } from '../model/answer.js';
import { createRandom } from '../model/random.js';
import type { Pace } from '../model/reply.js';
import { isBytes, type Step, toEventStep } from '../model/step.js';

const PING = { type: 'ping' };

/** Adds the delays of a pace; errors have none. @param number counts replies: each jitters differently. */
export function applyPace(answer: Answer, pace: Pace | undefined, number: number): Answer {
  if (pace === undefined || answer.status >= 400) return answer;
  const next = createRandom((pace.seed ?? 0) * 7919 + number);
  const vary = (ms: number): number => ms * (1 + (pace.jitter ?? 0) * (2 * next() - 1));
  const delays = createDelays(pace, vary);
  const steps = answer.steps as Iterable<Step>;
  return {
    ...answer,
    steps: isEventStream(answer) ? paceEvents(steps, delays) : paceBody(steps, delays),
  };
}

interface Delays {
  firstToken: () => Iterable<Step>;
  token: () => Iterable<Step>;
  /** The time that so many characters take. */
  characters: (count: number) => Iterable<Step>;
}

function createDelays(
  { firstToken, tokensPerSecond, pings }: Pace,
  vary: (ms: number) => number,
): Delays {
  const delay = (ms: number | undefined): Iterable<Step> => (ms ? silence(vary(ms), pings) : []);
  const perToken = tokensPerSecond && 1000 / tokensPerSecond;
  return {
    firstToken: () => delay(firstToken),
    token: () => delay(perToken),
    characters: (count: number) => delay(perToken && (perToken * count) / CHARACTERS_PER_DELTA),
  };
}

/** About as many as a delta of a stream contains. */
const CHARACTERS_PER_DELTA = 6;

/** A time in which nothing is sent but pings. */
function* silence(ms: number, pings = Number.POSITIVE_INFINITY): Generator<Step> {
  let left = ms;
  for (; left > pings; left -= pings) {
    yield { wait: pings };
    yield toEventStep(PING);
  }
  yield { wait: left };
}

function* paceEvents(steps: Iterable<Step>, { firstToken, token }: Delays): Generator<Step> {
  let isFirst = true;
  for (const step of steps) {
    const type = isBytes(step) ? step.event?.type : undefined;
    if (type === 'content_block_delta') {
      yield* isFirst ? firstToken() : token();
      isFirst = false;
    }
    yield step;
  }
}

function* paceBody(steps: Iterable<Step>, { firstToken, characters }: Delays): Generator<Step> {
  for (const step of steps) {
    // A response without a stream has no pings, but takes their time.
    const delays = [...firstToken(), ...characters(isBytes(step) ? step.bytes.length : 0)];
    yield* delays.filter((delay) => !isBytes(delay));
    yield step;
  }
}
