import type { Check } from '../check/checks.js';
import type { Answer } from '../model/answer.js';
import { toErrorBody, toScriptError } from '../model/error.js';
import type { EmulatorParams, EmulatorRequest } from '../model/request.js';
import { isBytes, type Step } from '../model/step.js';

/** What the requests of a batch need of their emulator. */
export interface BatchSetup {
  /** What each request is checked against. */
  readonly check: Check;
  /** The answer to a request. */
  readonly answer: (request: EmulatorRequest, params: EmulatorParams) => Promise<Answer>;
}

/** One request of a batch. */
export interface BatchedRequest {
  readonly custom_id: string;
  readonly params: EmulatorParams;
}

export type ResultType = 'succeeded' | 'errored' | 'canceled' | 'expired';

/** A line of the results. */
export interface BatchResult {
  readonly custom_id: string;
  readonly result: { readonly type: ResultType; readonly [field: string]: unknown };
}

/**
 * Processes the requests of a batch, one after another: what they use up of the script is in their order.
 * @param created the request that the batch was created with.
 */
export async function processBatch(
  requests: readonly BatchedRequest[],
  created: EmulatorRequest,
  setup: BatchSetup,
): Promise<BatchResult[]> {
  const results: BatchResult[] = [];
  for (const { custom_id, params } of requests) {
    const body = { ...params, stream: false };
    const request = { ...created, path: '/v1/messages', body };
    results.push({ custom_id, result: await processOne(request, custom_id, setup) });
  }
  return results;
}

/** What is wrong with a request is a result, not an error of the batch. */
async function processOne(
  request: EmulatorRequest,
  id: string,
  { check, answer }: BatchSetup,
): Promise<BatchResult['result']> {
  const query = new URLSearchParams();
  const error = check({ request, query, jsonProblem: undefined });
  if (error !== undefined) return { type: 'errored', error: toErrorBody(error, `req_${id}`) };
  const { status, steps } = await answer(request, request.body);
  const body = await readJson(steps);
  if (body === undefined) {
    const problem = toScriptError(
      `the reply to ${id} is no JSON: a batch takes messages and errors`,
    );
    return { type: 'errored', error: toErrorBody(problem, `req_${id}`) };
  }
  return status < 400 ? { type: 'succeeded', message: body } : { type: 'errored', error: body };
}

async function readJson(steps: Iterable<Step> | AsyncIterable<Step>): Promise<unknown> {
  const utf8 = new TextDecoder();
  let text = '';
  for await (const step of steps)
    if (isBytes(step)) text += utf8.decode(step.bytes, { stream: true });
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
