import { checkOptions, checkSizes, type OptionNames } from '../check-options.js';
import type { StreamOptions } from '../stream/open-source.js';
import type { RunnerOptions } from '../tools/runner-options.js';
import type { RequestOptions } from '../transport/options.js';

/**
 * Refuses unknown options of a request, and invalid ones that nothing checks later.
 * @param names the known options: one of the tables below.
 * @throws AnthropicError for an unknown or invalid option.
 */
export function checkRequest(options: RequestOptions, names: Readonly<Record<string, true>>): void {
  checkOptions(options, names);
  checkSizes(options);
}

export const REQUEST_OPTIONS: OptionNames<RequestOptions> = {
  signal: true,
  timeout: true,
  maxRetries: true,
  headers: true,
  maxEventBytes: true,
  maxMessageBytes: true,
};

export const STREAM_OPTIONS: OptionNames<StreamOptions> = { ...REQUEST_OPTIONS, recover: true };

export const RUNNER_OPTIONS: OptionNames<RunnerOptions> = {
  ...STREAM_OPTIONS,
  maxTurns: true,
  maxParallel: true,
  eager: true,
  approve: true,
};
