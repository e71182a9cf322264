import { checkedEventBytes, checkOptions, type OptionNames } from '../check-options.js';
import type { StreamOptions } from '../stream/open-source.js';
import type { RunnerOptions } from '../tools/runner-options.js';
import type { RequestOptions } from '../transport/options.js';

/**
 * Refuses options of a request that do not exist, or that nothing checks later on.
 * @param names which options there are: one of the tables below.
 * @throws AnthropicError when they make no sense.
 */
export function checkRequest(options: RequestOptions, names: Readonly<Record<string, true>>): void {
  checkOptions(options, names);
  if (options.maxEventBytes !== undefined) checkedEventBytes(options.maxEventBytes);
}

export const REQUEST_OPTIONS: OptionNames<RequestOptions> = {
  signal: true,
  timeout: true,
  maxRetries: true,
  headers: true,
  maxEventBytes: true,
};

export const STREAM_OPTIONS: OptionNames<StreamOptions> = { ...REQUEST_OPTIONS, recover: true };

export const RUNNER_OPTIONS: OptionNames<RunnerOptions> = {
  ...STREAM_OPTIONS,
  maxTurns: true,
  maxParallel: true,
  eager: true,
  approve: true,
};
