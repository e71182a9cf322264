import type { MessageCreateParams } from '../../wire/params.js';
import type { Clock } from '../time/clock.js';
import { type Settle, settler } from '../wire/exchange.js';

/**
 * How an answer ended: the client has all of it, the answer broke off by itself, or the client left
 * before its end.
 */
export type Ending = 'open' | 'complete' | 'broken' | 'left';

/** A request as the emulator got it. */
export interface EmulatorRequest {
  readonly method: string;
  /** Without the query. */
  readonly path: string;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  /**
   * The params as they were sent. A reply function gets params that passed the checks; in
   * `emulator.requests` a refused request keeps whatever its JSON said, or its text where that was
   * not JSON.
   */
  readonly body: EmulatorParams;
  /** When it came, by the emulator's clock, in milliseconds. */
  readonly time: number;
  /** The status that it was answered with; undefined where it was not, so far. */
  readonly status: number | undefined;
  /** As it is now. */
  readonly ending: Ending;
  /** When it ended. */
  readonly endTime: number | undefined;
  /** Resolves when it is no longer open. */
  readonly ended: Promise<Ending>;
}

/** Params of any edition of the API; `countTokens` sends them without `max_tokens`. */
export interface EmulatorParams extends MessageCreateParams {
  readonly [param: string]: unknown;
}

/** A request, what its body was, and why that is not JSON, if it is not. */
export interface Received {
  readonly request: EmulatorRequest;
  readonly text: string;
  readonly jsonProblem: string | undefined;
  /** Says which status it was answered with. */
  readonly answered: (status: number) => void;
  readonly settle: Settle;
}

/** Reads a request to its end. */
export async function receive(request: Request, clock: Clock): Promise<Received> {
  const time = clock.now();
  const text = await request.text();
  const { body, jsonProblem } = parse(text);
  let ending: Ending = 'open';
  let status: number | undefined;
  let endTime: number | undefined;
  let end = (_: Ending): void => {};
  const ended = new Promise<Ending>((resolve) => {
    end = resolve;
  });
  return {
    request: {
      method: request.method,
      path: new URL(request.url).pathname,
      headers: Object.fromEntries(request.headers),
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
    answered: (given) => {
      status = given;
    },
    settle: settler((how) => {
      ending = how;
      endTime = clock.now();
      end(how);
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
