import type { CheckedRequest } from '../check/checks.js';
import type { Answer } from '../model/answer.js';
import type { EmulatorParams, EmulatorRequest, Ending } from '../model/request.js';
import type { BytesStep } from '../model/step.js';
import type { Clock } from '../time/clock.js';
import { toJsonProblem } from './json-problem.js';

/** A request and its answer, for what sends it: a fetch, a server. */
export interface Exchange {
  readonly request: EmulatorRequest;
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
  /** The body, byte for byte. */
  readonly bytes: Uint8Array;
  /** The body is larger than the API accepts, and was not kept. */
  readonly isTooLarge: boolean;
  readonly setStatus: (status: number) => void;
  readonly settle: Settle;
}

/** The largest body that the API accepts, in bytes. */
export const MAX_BODY_BYTES: number = 32 * 1024 * 1024;

/** A body that announces its length isn't read if it is too large. */
export function announcesTooMuch(headers: Headers): boolean {
  return Number(headers.get('content-length')) > MAX_BODY_BYTES;
}

/** Reads a request to its end. */
export async function receive(sent: Request, clock: Clock): Promise<ReceivedRequest> {
  const time = clock.now();
  const all = announcesTooMuch(sent.headers) ? undefined : await sent.arrayBuffer();
  const isTooLarge = all === undefined || all.byteLength > MAX_BODY_BYTES;
  const bytes = isTooLarge ? new Uint8Array() : new Uint8Array(all);
  const { body, jsonProblem } = parse(new TextDecoder().decode(bytes));
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
    query: new URL(sent.url).searchParams,
    bytes,
    isTooLarge,
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
    const body: unknown = JSON.parse(text);
    if (!isTooDeep(body)) return { body, jsonProblem: undefined };
    return { body: text, jsonProblem: `it is nested more than ${MAX_DEPTH} levels deep` };
  } catch {
    return { body: text, jsonProblem: toJsonProblem(text) };
  }
}

/** Far more levels than a request has; the checks walk it by recursion. */
const MAX_DEPTH = 512;

function isTooDeep(body: unknown): boolean {
  let level = [body];
  for (let depth = 0; depth <= MAX_DEPTH; depth++) {
    level = level.flatMap((value) =>
      typeof value === 'object' && value !== null ? Object.values(value) : [],
    );
    if (level.length === 0) return false;
  }
  return true;
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
