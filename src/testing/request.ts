import type { MessageCreateParams } from '../wire/params.js';

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
}

/** Params of any edition of the API; `countTokens` sends them without `max_tokens`. */
export interface EmulatorParams extends MessageCreateParams {
  readonly [param: string]: unknown;
}

/** A request, and why its body is not JSON, if it is not. */
export interface Received {
  readonly request: EmulatorRequest;
  readonly jsonProblem: string | undefined;
}

/** Reads a request to its end. */
export async function receive(request: Request): Promise<Received> {
  const text = await request.text();
  const { body, jsonProblem } = parse(text);
  return {
    request: {
      method: request.method,
      path: new URL(request.url).pathname,
      headers: Object.fromEntries(request.headers),
      body: body as EmulatorParams,
    },
    jsonProblem,
  };
}

function parse(text: string): { body: unknown; jsonProblem: string | undefined } {
  try {
    return { body: JSON.parse(text), jsonProblem: undefined };
  } catch (error) {
    return { body: text, jsonProblem: (error as Error).message };
  }
}
