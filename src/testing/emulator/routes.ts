import { type Check, createChecks, createHeaderChecks } from '../check/checks.js';
import { countTokensParams, createParams } from '../check/params.js';
import { type Answer, toErrorAnswer, toJsonAnswer } from '../model/answer.js';
import { toEmulatedError } from '../model/error.js';
import type { Ids } from '../model/ids.js';
import type { EmulatorParams, EmulatorRequest } from '../model/request.js';
import { countInputTokens } from '../model/tokens.js';
import { answerReply, applyFaults } from '../script/answer-reply.js';
import { createMemory } from '../script/continuation.js';
import type { ReplySource } from '../script/replies.js';
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
  ) => Answer | Promise<Answer>;
}

export function createRoutes(
  options: EmulatorOptions,
  replies: ReplySource,
  ids: Ids,
  threads: Threads,
): readonly Route[] {
  const { apiKey, models } = options;
  return [
    {
      method: 'POST',
      path: /^\/v1\/messages$/,
      check: createChecks(apiKey, createParams, models),
      answer: createMessagesAnswer(options, replies, ids, threads),
    },
    {
      method: 'POST',
      path: /^\/v1\/messages\/count_tokens$/,
      check: createChecks(apiKey, countTokensParams, models),
      answer: (_, params, requestId) =>
        toJsonAnswer({ input_tokens: countInputTokens(params) }, requestId),
    },
    {
      method: 'GET',
      path: /^\/v1\/models(\/[^/]+)?$/,
      check: createHeaderChecks(apiKey),
      answer: ({ path }, _, requestId) => answerModels(path, models, requestId),
    },
  ];
}

function createMessagesAnswer(
  { pace, faults = [], continuation = {} }: EmulatorOptions,
  replies: ReplySource,
  ids: Ids,
  threads: Threads,
): Route['answer'] {
  const memory = continuation === false ? undefined : createMemory(continuation);
  let count = 0;
  return async (request, params, requestId) => {
    const number = ++count;
    const rest = memory?.findRest(params);
    const reply = rest ?? (await replies.take(request, number));
    if (rest === undefined) memory?.remember(params, reply);
    const context = { params, requestId, number, ids, pace };
    const answer = threads.store(answerReply(reply, context), params);
    const list = typeof faults === 'function' ? faults(number, request) : faults;
    return applyFaults(answer, list, context);
  };
}

/** What an emulator without `models` lists. */
const DEFAULT_MODELS = [
  'claude-fable-5',
  'claude-opus-4-8',
  'claude-sonnet-4-6',
  'claude-haiku-4-5',
];

function answerModels(
  path: string,
  models: readonly string[] = DEFAULT_MODELS,
  requestId: string,
): Answer {
  const id = decodeURIComponent(path.split('/')[3] ?? '');
  if (id === '') return toJsonAnswer(toModelList(models), requestId);
  if (models.includes(id)) return toJsonAnswer(toModel(id), requestId);
  return toErrorAnswer(toEmulatedError('not_found_error', `model: ${id}`), requestId);
}

function toModelList(models: readonly string[]): object {
  return {
    data: models.map(toModel),
    has_more: false,
    first_id: models[0] ?? null,
    last_id: models.at(-1) ?? null,
  };
}

/** @returns `claude-opus-4-8` as `Claude Opus 4.8`. */
function toModel(id: string): object {
  const words = id.replace(/(\d)-(\d)/g, '$1.$2').split('-');
  const name = words.map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join(' ');
  return { type: 'model', id, display_name: name, created_at: '2026-01-01T00:00:00Z' };
}
