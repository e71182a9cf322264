import type { Attributes } from '@opentelemetry/api';
import { APIUserAbortError } from '../errors.js';
import type { StreamContext } from '../trace/contexts.js';
import type { Names, TokenCount } from './names-table.js';

/** What is known when a call begins: for samplers, and for each of its metrics. */
export function callAttributes(context: StreamContext, { attributes }: Names): Attributes {
  return {
    [attributes.operation]: operationOf(context),
    [attributes.provider]: 'anthropic',
    ...(context.model !== '' && { [attributes.model]: context.model }),
    ...serverAttributes(context.url),
  };
}

/** The same name as the method of the API has, for what the conventions have no name for. */
export function operationOf({ operation }: StreamContext): string {
  return OPERATIONS[operation];
}

const OPERATIONS: Readonly<Record<StreamContext['operation'], string>> = {
  stream: 'chat',
  create: 'chat',
  countTokens: 'count_tokens',
  models: 'models',
  batches: 'batches',
};

/** Whether the model writes something. */
export function isInference(context: StreamContext): boolean {
  return operationOf(context) === 'chat';
}

export function serverAttributes(url: string): Attributes {
  if (!URL.canParse(url)) return {};
  const { hostname, port, protocol } = new URL(url);
  return {
    'server.address': hostname,
    'server.port': port === '' ? (protocol === 'http:' ? 80 : 443) : Number(port),
  };
}

export function requestAttributes(
  { operation, params }: StreamContext,
  { attributes }: Names,
): Attributes {
  const given: Attributes = {
    [attributes.stream]: operation === 'stream' || params.stream || undefined,
    [attributes.maxTokens]: params.max_tokens,
    [attributes.temperature]: params.temperature,
    [attributes.topP]: params.top_p,
    [attributes.topK]: params.top_k,
  };
  if (params.stop_sequences) given[attributes.stopSequences] = [...params.stop_sequences];
  return withoutUndefined(given);
}

/** What is known when a call is over. */
export function responseAttributes(
  context: StreamContext,
  { attributes, unfinished }: Names,
): Attributes {
  const { stopReason, firstContentMs } = context;
  const reason = stopReason === undefined ? unfinished : finishReason(stopReason);
  const tokens = tokenCounts(context);
  const isChat = isInference(context);
  return withoutUndefined({
    [attributes.responseId]: context.messageId,
    [attributes.responseModel]: context.responseModel,
    [attributes.finishReasons]: isChat && reason !== undefined ? [reason] : undefined,
    'anthropic.message.stop_reason': stopReason,
    [attributes.timeToFirstChunk]: firstContentMs === undefined ? undefined : firstContentMs / 1000,
    [attributes.inputTokens]: tokens?.input,
    [attributes.outputTokens]: tokens?.output,
    [attributes.cacheReadTokens]: tokens?.cacheRead,
    [attributes.cacheWriteTokens]: tokens?.cacheWrite,
    [attributes.reasoningTokens]: tokens?.reasoning,
    'millrace.attempts': context.attempts,
    'millrace.recoveries': context.recoveries,
    'millrace.longest_gap': context.longestGapMs / 1000,
    'millrace.outcome': context.outcome,
  });
}

/** The conventions' reasons, by those of the API. Others are passed on. */
const FINISH_REASONS: Readonly<Record<string, string>> = {
  end_turn: 'stop',
  stop_sequence: 'stop',
  pause_turn: 'stop',
  max_tokens: 'length',
  model_context_window_exceeded: 'length',
  tool_use: 'tool_call',
  refusal: 'content_filter',
};

export function finishReason(stopReason: string): string {
  return FINISH_REASONS[stopReason] ?? stopReason;
}

/** Undefined before the server has told any. By the conventions, input includes what the cache holds. */
export function tokenCounts({
  usage,
}: StreamContext): Partial<Record<TokenCount, number>> | undefined {
  if (usage === undefined) return undefined;
  const cacheRead = usage.cache_read_input_tokens ?? undefined;
  const cacheWrite = usage.cache_creation_input_tokens ?? undefined;
  const { input_tokens, output_tokens, output_tokens_details } = usage;
  const reasoning = output_tokens_details?.thinking_tokens;
  return {
    ...(input_tokens !== undefined && {
      input: input_tokens + (cacheRead ?? 0) + (cacheWrite ?? 0),
    }),
    ...(output_tokens !== undefined && { output: output_tokens }),
    ...(cacheRead !== undefined && { cacheRead }),
    ...(cacheWrite !== undefined && { cacheWrite }),
    ...(reasoning !== undefined && { reasoning }),
  };
}

/**
 * The class of an error: few values, and none of the server's words. Undefined for what the caller itself ended.
 */
export function errorType({ error }: { error?: Error }): string | undefined {
  return error === undefined || error instanceof APIUserAbortError ? undefined : error.name;
}

export function withoutUndefined(attributes: Attributes): Attributes {
  return Object.fromEntries(Object.entries(attributes).filter(([, value]) => value !== undefined));
}
