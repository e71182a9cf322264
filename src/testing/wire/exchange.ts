import type { CheckedRequest } from '../check/checks.js';
import type { Answer } from '../model/answer.js';
import type { EmulatorParams, Ending } from '../model/request.js';
import type { BytesStep } from '../model/step.js';
import type { Clock } from '../time/clock.js';

/** A request and its answer, for what sends it: a fetch, a server. */
export interface Exchange {
  readonly answer: Answer;
  readonly clock: Clock;
  readonly settle: Settle;
}

/** Reports how an exchange ended; only the first call counts. */
export interface Settle {
  (ending: Exclude<Ending, 'open'>): void;
  /** These bytes are sent. A client that leaves after the last event has received everything. */
  sending(step: BytesStep): void;
}

/** A request as it arrived. */
export interface ReceivedRequest extends CheckedRequest {
  readonly setStatus: (status: number) => void;
  readonly settle: Settle;
}

/** Reads a request to its end. */
export async function receive(sent: Request, clock: Clock): Promise<ReceivedRequest> {
  const time = clock.now();
  const text = await sent.text();
  const { body, jsonProblem } = parse(text);
  let ending: Ending = 'open';
  let status: number | undefined;
  let endTime: number | undefined;
  let resolveEnded = (_: Ending): void => {};
  const ended = new Promise<Ending>((resolve) => {
    resolveEnded = resolve;
  });
  return {
    request: {
      method: sent.method,
      path: new URL(sent.url).pathname,
      headers: Object.fromEntries(sent.headers),
      body: body as EmulatorParams,
      time,
      get status() {
        return status;
      },
      get ending() {
        return ending;
      },
      get endTime() {
        return endTime;
      },
      ended,
    },
    text,
    jsonProblem,
    setStatus: (value) => {
      status = value;
    },
    settle: createSettle((value) => {
      ending = value;
      endTime = clock.now();
      resolveEnded(value);
    }),
  };
}

function parse(text: string): { body: unknown; jsonProblem: string | undefined } {
  try {
    return { body: JSON.parse(text), jsonProblem: undefined };
  } catch (error) {
    return { body: text, jsonProblem: (error as Error).message };
  }
}

const LAST_EVENTS: ReadonlySet<string> = new Set(['message_stop', 'error']);

function createSettle(onEnd: (ending: Ending) => void): Settle {
  let isSettled = false;
  let isComplete = false;
  const settle = (ending: Ending): void => {
    if (isSettled) return;
    isSettled = true;
    onEnd(ending === 'left' && isComplete ? 'complete' : ending);
  };
  return Object.assign(settle, {
    sending: ({ event }: BytesStep) => {
      if (event !== undefined && LAST_EVENTS.has(event.type)) isComplete = true;
    },
  });
}
