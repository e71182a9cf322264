import {
  aBoolean,
  aRetryCount,
  aSize,
  isFunction,
  isPlain,
  must,
  type OptionCheck,
  type OptionChecks,
} from '../check-options.js';
import { AnthropicError } from '../errors.js';
import type { StreamOptions } from '../stream/open-source.js';
import { aRecovery } from '../stream/recover/options.js';
import { aCompaction } from '../tools/compact-options.js';
import { aCount, isEager, type RunnerOptions } from '../tools/runner-options.js';
import { someHeaders } from '../transport/headers.js';
import { anAbortSignal } from '../transport/on-abort.js';
import type { RequestOptions } from '../transport/options.js';
import { aQuery } from '../transport/query.js';
import { aTimeout } from '../transport/timeouts.js';

/** `extraBody`: anything that JSON can have, but what decides how the response is read. */
const aBody: OptionCheck = (value, name) => {
  isObject(value, name);
  if (!('stream' in (value as object))) return;
  throw new AnthropicError(
    `${name}.stream is not possible: write messages.stream(params), or create({ …, stream: true })`,
  );
};

const isObject = must(isPlain, 'pass an object of params, such as { new_param: 1 }');

export const REQUEST_OPTIONS: OptionChecks<RequestOptions> = {
  signal: anAbortSignal,
  timeout: aTimeout,
  maxRetries: aRetryCount,
  extraHeaders: someHeaders,
  extraQuery: aQuery,
  extraBody: aBody,
  maxEventBytes: aSize,
  maxMessageBytes: aSize,
};

export const STREAM_OPTIONS: OptionChecks<StreamOptions> = {
  ...REQUEST_OPTIONS,
  recover: aRecovery,
};

/** What a run changes from turn to turn: a body that is added to each request would undo it. */
const CHANGED_BY_RUNS = ['messages', 'tools', 'container'] as const;

export const RUNNER_OPTIONS: OptionChecks<RunnerOptions> = {
  ...STREAM_OPTIONS,
  extraBody: (value, name) => {
    aBody(value, name);
    const param = CHANGED_BY_RUNS.find((param) => param in (value as object));
    if (param === undefined) return;
    throw new AnthropicError(
      `${name}.${param} is not possible in a run, which changes ${param}: write toolRunner({ …, ${param} })`,
    );
  },
  maxTurns: aCount,
  maxParallel: aCount,
  eager: isEager,
  compact: aCompaction,
  keepUnsignedThinking: aBoolean,
  approve: must(
    (value) => isFunction(value) || value === 'ask',
    "pass a function such as ({ toolUse, input }) => true, or 'ask'",
  ),
};
