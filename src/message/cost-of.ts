import type { Usage } from '../wire/usage.js';

/** What a model costs, in US dollars per million tokens. */
export interface ModelPrices {
  readonly input: number;
  readonly output: number;
  /** Input read from the cache. Default: a tenth of `input`. */
  readonly cacheRead?: number;
  /** Input written to the cache for 5 minutes. Default: 1.25 times `input`. */
  readonly cacheWrite5m?: number;
  /** Input written to the cache for an hour. Default: twice `input`. */
  readonly cacheWrite1h?: number;
  /** A thousand web searches. Default 10. */
  readonly webSearches?: number;
  /** The day on which these were the prices. */
  readonly date?: string;
}

/** The day on which the prices below were those of the models' pages on platform.claude.com. */
const date = '2026-11-28';
/** Older models: prices as public lists had them then; their own pages were not seen. */
const listed = '2026-03-21';

/** The prices of models by id and alias. To change or add some, spread it: `{ ...PRICES, 'claude-x': … }`. */
export const PRICES: Readonly<Record<string, ModelPrices>> = {
  'claude-fable-5-2': { input: 8, output: 40, date },
  'claude-fable-5-1': { input: 10, output: 50, date },
  'claude-opus-5-5': { input: 4, output: 20, date },
  'claude-sonnet-5-5': { input: 2, output: 10, date },
  'claude-opus-5': { input: 5, output: 25, date },
  'claude-opus-4-8': { input: 5, output: 25, date },
  'claude-opus-4-7': { input: 5, output: 25, date: listed },
  'claude-opus-4-6': { input: 5, output: 25, date: listed },
  'claude-sonnet-4-6': { input: 3, output: 15, date: listed },
  'claude-opus-4-5': { input: 5, output: 25, date: listed },
  'claude-opus-4-5-20251101': { input: 5, output: 25, date: listed },
  'claude-sonnet-4-5': { input: 3, output: 15, date: listed },
  'claude-sonnet-4-5-20250929': { input: 3, output: 15, date: listed },
  'claude-haiku-4-5': { input: 1, output: 5, date: listed },
  'claude-haiku-4-5-20251001': { input: 1, output: 5, date: listed },
};

const MILLION = 1_000_000;

/** The share of the price that a batch costs. */
const BATCH = 0.5;

/**
 * What a message cost, in US dollars: an estimate of the list price, `costOf(message.usage,
 * PRICES[message.model])`. Fast mode, priority tiers and discounts are not in it.
 * @returns undefined without prices: the model is unknown.
 */
export function costOf(usage: Usage, prices: ModelPrices | undefined): number | undefined {
  if (prices === undefined) return undefined;
  const { input, output, webSearches = 10 } = prices;
  const written = usage.cache_creation_input_tokens ?? 0;
  const writtenForAnHour = usage.cache_creation?.ephemeral_1h_input_tokens ?? 0;
  const tokens =
    (usage.input_tokens ?? 0) * input +
    (usage.cache_read_input_tokens ?? 0) * (prices.cacheRead ?? input / 10) +
    (written - writtenForAnHour) * (prices.cacheWrite5m ?? input * 1.25) +
    writtenForAnHour * (prices.cacheWrite1h ?? input * 2) +
    (usage.output_tokens ?? 0) * output;
  const share = usage.service_tier === 'batch' ? BATCH : 1;
  const searches = usage.server_tool_use?.web_search_requests ?? 0;
  return (tokens / MILLION) * share + (searches / 1000) * webSearches;
}
