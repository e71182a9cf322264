import { type EmulatedError, toEmulatedError } from '../model/error.js';
import type { EmulatorRequest } from '../model/request.js';
import type { Rule } from './rules.js';

/** A request as it arrived. */
export interface CheckedRequest {
  readonly request: EmulatorRequest;
  readonly text: string;
  /** Why the text is not JSON; undefined if it is. */
  readonly jsonProblem: string | undefined;
}

/** Returns why a request is rejected; undefined if it isn't. */
export type Check = (checked: CheckedRequest) => EmulatedError | undefined;

/** The largest body that the API accepts, in bytes. */
const MAX_BYTES = 32 * 1024 * 1024;

/** What the API checks before anything else, in its order. The first problem is the answer. */
export function createChecks(
  apiKey: string | undefined,
  params: Rule,
  models: readonly string[] | undefined,
): Check {
  const headers = createHeaderChecks(apiKey);
  return firstOf(checkSize, headers, checkJson, checkParams(params), checkModel(models));
}

/** For requests without a body. */
export function createHeaderChecks(apiKey: string | undefined): Check {
  return firstOf(checkKey(apiKey), checkVersion);
}

function firstOf(...checks: readonly Check[]): Check {
  return (checked) => {
    for (const check of checks) {
      const error = check(checked);
      if (error !== undefined) return error;
    }
    return undefined;
  };
}

/** @param apiKey the only accepted key; undefined: any. */
function checkKey(apiKey: string | undefined): Check {
  return ({ request: { headers } }) => {
    const bearer = /^bearer (.+)$/i.exec(headers.authorization ?? '')?.[1];
    const keys = [headers['x-api-key'], bearer].filter((key) => key !== undefined);
    if (keys.length === 0) {
      return toEmulatedError('authentication_error', 'x-api-key header is required');
    }
    if (apiKey === undefined || keys.includes(apiKey)) return undefined;
    return toEmulatedError('authentication_error', 'invalid x-api-key');
  };
}

const checkVersion: Check = ({ request: { headers } }) =>
  headers['anthropic-version'] === undefined
    ? toEmulatedError('invalid_request_error', 'anthropic-version: header is required')
    : undefined;

const checkSize: Check = ({ text }) =>
  isLonger(text, MAX_BYTES) ? toEmulatedError('request_too_large') : undefined;

/** Whether a text has more bytes. Most bodies are so short that their bytes needn't be counted. */
function isLonger(text: string, bytes: number): boolean {
  const most = text.length * 3;
  return most > bytes && new TextEncoder().encode(text).length > bytes;
}

const checkJson: Check = ({ jsonProblem }) =>
  jsonProblem === undefined
    ? undefined
    : toEmulatedError(
        'invalid_request_error',
        `The request body is not valid JSON: ${jsonProblem}`,
      );

function checkParams(rule: Rule): Check {
  return ({ request }) => {
    const problem = rule(request.body, '');
    return problem === undefined ? undefined : toEmulatedError('invalid_request_error', problem);
  };
}

function checkModel(models: readonly string[] | undefined): Check {
  return ({ request: { body } }) =>
    models === undefined || models.includes(body.model)
      ? undefined
      : toEmulatedError('not_found_error', `model: ${body.model}`);
}
