import type {
  JSONObject,
  LanguageModelV4StreamPart,
  LanguageModelV4Usage,
  SharedV4ProviderMetadata,
} from '@ai-sdk/provider';
import type { BetaMessage } from '../../wire/beta.js';
import { finishReasonOf } from '../finish-reason.js';
import { toCamel } from './names.js';

/** The last part of an answer that is complete. */
export function finishPart(
  message: BetaMessage,
): Extract<LanguageModelV4StreamPart, { type: 'finish' }> {
  const { stop_reason } = message;
  return {
    type: 'finish',
    finishReason: { unified: finishReasonOf(stop_reason), raw: stop_reason ?? undefined },
    usage: usageOf(message.usage),
    providerMetadata: metadataOf(message),
  };
}

interface Iteration {
  type: string;
  model?: string | null;
  input_tokens: number;
  output_tokens: number;
  cache_creation_input_tokens?: number | null;
  cache_read_input_tokens?: number | null;
}

function usageOf(usage: BetaMessage['usage']): LanguageModelV4Usage {
  const { cache_creation_input_tokens, cache_read_input_tokens, output_tokens_details } = usage;
  const cacheWrite = cache_creation_input_tokens ?? 0;
  const cacheRead = cache_read_input_tokens ?? 0;
  const { input, output } = totals(usage);
  const reasoning = output_tokens_details?.thinking_tokens ?? undefined;
  return {
    inputTokens: { total: input + cacheWrite + cacheRead, noCache: input, cacheRead, cacheWrite },
    outputTokens: {
      total: output,
      text: reasoning === undefined ? undefined : output - reasoning,
      reasoning,
    },
    raw: usage as unknown as JSONObject,
  };
}

/** The counters don't include compaction, and the iterations do; those of an advisor have prices of their own. */
function totals(usage: BetaMessage['usage']): { input: number; output: number } {
  const iterations = (usage.iterations ?? []) as unknown as Iteration[];
  const own = iterations.filter(({ type }) => type === 'compaction' || type === 'message');
  // After a fallback the counters are those of the model that answered.
  const isServedElsewhere = iterations.some(({ type }) => type === 'fallback_message');
  if (own.length === 0 || isServedElsewhere) {
    return { input: usage.input_tokens, output: usage.output_tokens };
  }
  const sum = (name: 'input_tokens' | 'output_tokens'): number =>
    own.reduce((total, iteration) => total + iteration[name], 0);
  return { input: sum('input_tokens'), output: sum('output_tokens') };
}

function metadataOf(message: BetaMessage): SharedV4ProviderMetadata {
  const { usage, stop_sequence, stop_details, container, context_management } = message;
  const { input_transformations } = message as { input_transformations?: unknown };
  const metadata = {
    usage,
    stopSequence: stop_sequence ?? null,
    ...optional('serviceTier', usage.service_tier),
    ...optional('stopDetails', stop_details && toCamel(withoutNull(stop_details))),
    ...optional('inputTransformations', input_transformations),
    iterations: ((usage.iterations ?? null) as Iteration[] | null)?.map(iterationOf) ?? null,
    container: container ? { skills: null, ...(toCamel(container) as object) } : null,
    contextManagement: context_management ? toCamel(context_management) : null,
  };
  return { anthropic: metadata as unknown as JSONObject };
}

function iterationOf({
  cache_creation_input_tokens,
  cache_read_input_tokens,
  ...rest
}: Iteration): unknown {
  const { type, model, input_tokens, output_tokens } = rest;
  return {
    type,
    ...optional('model', model),
    inputTokens: input_tokens,
    outputTokens: output_tokens,
    ...optional('cacheCreationInputTokens', cache_creation_input_tokens || undefined),
    ...optional('cacheReadInputTokens', cache_read_input_tokens || undefined),
  };
}

function optional(name: string, value: unknown): object {
  return value === undefined || value === null ? {} : { [name]: value };
}

function withoutNull(fields: object): object {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== null));
}
