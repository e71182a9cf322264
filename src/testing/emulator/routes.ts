import { type Check, createChecks, createHeaderChecks } from '../check/checks.js';
import { countTokensParams, createParams } from '../check/params.js';
import { type Answer, toJsonAnswer } from '../model/answer.js';
import type { Ids } from '../model/ids.js';
import { createModelTable } from '../model/model-table.js';
import type { EmulatorParams, EmulatorRequest } from '../model/request.js';
import { countInputTokens } from '../model/tokens.js';
import { answerReply, applyFaults } from '../script/answer-reply.js';
import { createMemory } from '../script/continuation.js';
import { createPromptCache } from '../script/prompt-cache.js';
import type { ReplySource } from '../script/replies.js';
import { systemClock } from '../time/clock.js';
import { answerModels } from './models.js';
import type { EmulatorOptions } from './options.js';
import type { Threads } from './threads.js';

/** How the requests to one address are answered. */
export interface Route {
  method: string;
  path: RegExp;
  check: Check;
  /** @param params those of the request, with the messages of its thread. */
  answer: (
    request: EmulatorRequest,
    params: EmulatorParams,
    requestId: string,
    query: URLSearchParams,
  ) => Answer | Promise<Answer>;
}

export function createRoutes(
  options: EmulatorOptions,
  replies: ReplySource,
  ids: Ids,
  threads: Threads,
): readonly Route[] {
  const { apiKey, models, modelFacts, betas = [], checks: isStrict = true } = options;
  const table = createModelTable(modelFacts);
  const checks = { apiKey, models, betas, table, isStrict };
  return [
    {
      method: 'POST',
      path: /^\/v1\/messages$/,
      check: createChecks(checks, createParams),
      answer: createMessagesAnswer(options, replies, ids, threads),
    },
    {
      method: 'POST',
      path: /^\/v1\/messages\/count_tokens$/,
      check: createChecks(checks, countTokensParams),
      answer: (_, params, requestId) =>
        toJsonAnswer({ input_tokens: countInputTokens(params) }, requestId),
    },
    {
      method: 'GET',
      path: /^\/v1\/models(\/[^/]+)?$/,
      check: createHeaderChecks(checks),
      answer: ({ path }, _, requestId, query) =>
        answerModels(path, query, { table, models }, requestId),
    },
  ];
}

function createMessagesAnswer(
  { pace, faults = [], continuation = {}, clock = systemClock }: EmulatorOptions,
  replies: ReplySource,
  ids: Ids,
  threads: Threads,
): Route['answer'] {
  const memory = continuation === false ? undefined : createMemory(continuation);
  const useCache = createPromptCache(clock);
  let count = 0;
  return async (request, params, requestId) => {
    const number = ++count;
    const rest = memory?.findRest(params);
    const reply = rest ?? (await replies.take(request, number));
    if (rest === undefined) memory?.remember(params, reply);
    const context = { params, requestId, number, ids, pace, cache: useCache(params) };
    const answer = threads.store(answerReply(reply, context), params);
    const list = typeof faults === 'function' ? faults(number, request) : faults;
    return applyFaults(answer, list, context);
  };
}
