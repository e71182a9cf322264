import { type Check, createBodyChecks, createChecks, createHeaderChecks } from '../check/checks.js';
import { batchParams, countTokensParams, createParams } from '../check/params.js';
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
import { Batches } from './batches.js';
import { answerModels } from './models.js';
import type { EmulatorOptions } from './options.js';
import type { BatchSetup } from './process-batch.js';
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
    asked: Asked,
  ) => Answer | Promise<Answer>;
}

interface Asked {
  readonly requestId: string;
  readonly query: URLSearchParams;
  /** Of the address that was asked. */
  readonly origin: string;
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
  const check = createChecks(checks, createParams);
  const checkHeaders = createHeaderChecks(checks);
  const { reply, addFaults } = createMessageAnswers(options, replies, ids, threads);
  return [
    {
      method: 'POST',
      path: /^\/v1\/messages$/,
      check,
      answer: async (request, params, { requestId }) => {
        const { answer, number } = await reply(request, params, requestId);
        return addFaults(answer, request, requestId, number);
      },
    },
    {
      method: 'POST',
      path: /^\/v1\/messages\/count_tokens$/,
      check: createChecks(checks, countTokensParams),
      answer: (_, params, { requestId }) =>
        toJsonAnswer({ input_tokens: countInputTokens(params) }, requestId),
    },
    ...createBatchRoutes(options, ids, {
      create: createBodyChecks(checks, batchParams),
      headers: checkHeaders,
      each: check,
      reply,
      addFaults,
    }),
    {
      method: 'GET',
      path: /^\/v1\/models(\/[^/]+)?$/,
      check: checkHeaders,
      answer: ({ path }, _, { requestId, query }) =>
        answerModels(path, query, { table, models }, requestId),
    },
  ];
}

/** How requests for messages are answered, one by one or in batches. */
interface MessageAnswers {
  /** The answer without the faults of the emulator, and its number, from 1. */
  reply: (
    request: EmulatorRequest,
    params: EmulatorParams,
    requestId: string,
  ) => Promise<{ answer: Answer; number: number }>;
  /** @param number default: that of the next answer. */
  addFaults: (
    answer: Answer,
    request: EmulatorRequest,
    requestId: string,
    number?: number,
  ) => Answer;
}

function createMessageAnswers(
  { pace, faults = [], continuation = {}, clock = systemClock }: EmulatorOptions,
  replies: ReplySource,
  ids: Ids,
  threads: Threads,
): MessageAnswers {
  const memory = continuation === false ? undefined : createMemory(continuation);
  const useCache = createPromptCache(clock);
  let count = 0;
  return {
    reply: async (request, params, requestId) => {
      const number = ++count;
      const rest = memory?.findRest(params);
      const reply = rest ?? (await replies.take(request, number));
      if (rest === undefined) memory?.remember(params, reply);
      const context = { params, requestId, number, ids, pace, cache: useCache(params) };
      return { answer: threads.store(answerReply(reply, context), params), number };
    },
    addFaults: (answer, request, requestId, number = ++count) => {
      const list = typeof faults === 'function' ? faults(number, request) : faults;
      return applyFaults(answer, list, { requestId });
    },
  };
}

function createBatchRoutes(
  { clock = systemClock, batchTime = 0 }: EmulatorOptions,
  ids: Ids,
  {
    create,
    headers,
    each,
    reply,
    addFaults,
  }: MessageAnswers & Readonly<Record<'create' | 'headers' | 'each', Check>>,
): Route[] {
  const setup: BatchSetup = {
    check: each,
    answer: async (request, params) => (await reply(request, params, ids.request(0))).answer,
  };
  const batches = new Batches({ clock, batchTime, toId: ids.batch }, setup);
  const answer: Route['answer'] = async (request, _, asked) => {
    const answer = await batches.answer(request, asked);
    const isResults = request.path.endsWith('/results');
    return isResults ? addFaults(answer, request, asked.requestId) : answer;
  };
  const path = /^\/v1\/messages\/batches(\/|$)/;
  return [
    { method: 'POST', path: /^\/v1\/messages\/batches$/, check: create, answer },
    ...['GET', 'POST', 'DELETE'].map((method) => ({ method, path, check: headers, answer })),
  ];
}
