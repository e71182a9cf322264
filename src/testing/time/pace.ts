import { random } from '../model/random.js';
import { isSent, type Step } from '../model/step.js';
import type { Answer } from '../script/answer-reply.js';
import { encode } from '../script/answer-reply.js';

/** How fast an answer is written. Nothing takes time by default. */
export interface Pace {
  /** Time to the first token, in milliseconds. The headers and `message_start` come before. Default 0. */
  firstToken?: number;
  /** Each delta counts as one. A message without a stream takes as long as it is written. Default: no limit. */
  tokensPerSecond?: number;
  /** How much each time varies, from 0 to 1: 0.2 is up to 20 % less or more. Default 0. */
  jitter?: number;
  /** Sends a `ping` after so many milliseconds of silence, and again. Default: none. */
  pings?: number;
  /** Of the jitter: the same seed gives the same times. Default 0. */
  seed?: number;
}

const PING = { type: 'ping' };

/** An answer at a pace; errors come at once. @param number counts replies: each jitters its own way. */
export function paced(answer: Answer, pace: Pace | undefined, number: number): Answer {
  if (pace === undefined || answer.status >= 400) return answer;
  const next = random((pace.seed ?? 0) * 7919 + number);
  const varied = (ms: number): number => ms * (1 + (pace.jitter ?? 0) * (2 * next() - 1));
  const isStream = answer.headers['content-type']?.startsWith('text/event-stream');
  const times = timesOf(pace, varied);
  const steps = answer.steps as Iterable<Step>;
  return { ...answer, steps: isStream ? streamed(steps, times) : whole(steps, times) };
}

interface Times {
  firstToken: () => Iterable<Step>;
  token: () => Iterable<Step>;
  /** What so many characters take. */
  characters: (count: number) => Iterable<Step>;
}

function timesOf({ firstToken, tokensPerSecond, pings }: Pace, varied: (ms: number) => number) {
  const time = (ms: number | undefined): Iterable<Step> => (ms ? silence(varied(ms), pings) : []);
  const perToken = tokensPerSecond && 1000 / tokensPerSecond;
  return {
    firstToken: () => time(firstToken),
    token: () => time(perToken),
    characters: (count: number) => time(perToken && (perToken * count) / CHARACTERS_PER_DELTA),
  };
}

/** About as many as a delta has in a stream. */
const CHARACTERS_PER_DELTA = 6;

/** Some time in which nothing comes but pings. */
function* silence(ms: number, pings = Number.POSITIVE_INFINITY): Generator<Step> {
  let left = ms;
  for (; left > pings; left -= pings) {
    yield { wait: pings };
    yield encode(PING);
  }
  yield { wait: left };
}

function* streamed(steps: Iterable<Step>, { firstToken, token }: Times): Generator<Step> {
  let isFirst = true;
  for (const step of steps) {
    const type = isSent(step) ? step.event?.type : undefined;
    if (type === 'content_block_delta') {
      yield* isFirst ? firstToken() : token();
      isFirst = false;
    }
    yield step;
  }
}

function* whole(steps: Iterable<Step>, { firstToken, characters }: Times): Generator<Step> {
  for (const step of steps) {
    // A response without a stream has no pings: only their time passes.
    const times = [...firstToken(), ...characters(isSent(step) ? step.bytes.length : 0)];
    yield* times.filter((one) => !isSent(one));
    yield step;
  }
}
