import type { Ending } from '../model/request.js';
import type { Sent } from '../model/step.js';
import type { Answer } from '../script/answer-reply.js';
import type { Clock } from '../time/clock.js';

/** A request and its answer, for those who play it: a fetch, a server. */
export interface Exchange {
  readonly answer: Answer;
  readonly clock: Clock;
  readonly settle: Settle;
}

/** Says how an exchange ended; only the first word counts. */
export interface Settle {
  (ending: Exclude<Ending, 'open'>): void;
  /** These bytes go out. Who leaves after a message has come to its end left nothing behind. */
  sending(sent: Sent): void;
}

const LAST_EVENTS: ReadonlySet<string> = new Set(['message_stop', 'error']);

export function settler(end: (ending: Ending) => void): Settle {
  let isSettled = false;
  let isWhole = false;
  const settle = (ending: Ending): void => {
    if (isSettled) return;
    isSettled = true;
    end(ending === 'left' && isWhole ? 'complete' : ending);
  };
  return Object.assign(settle, {
    sending: ({ event }: Sent) => {
      if (event !== undefined && LAST_EVENTS.has(event.type)) isWhole = true;
    },
  });
}
