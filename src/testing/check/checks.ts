import { type EmulatedError, toEmulatedError, toJsonError } from '../model/error.js';
import type { EmulatorRequest } from '../model/request.js';
import type { Rule } from './rules.js';

/** A request as it arrived. */
export interface CheckedRequest {
  readonly request: EmulatorRequest;
  /** Why the text is not JSON; undefined if it is. */
  readonly jsonProblem: string | undefined;
}

/** Returns why a request is rejected; undefined if it isn't. */
export type Check = (checked: CheckedRequest) => EmulatedError | undefined;

/** What the API checks before anything else, in its order. The first problem is the answer. */
export function createChecks(
  apiKey: string | undefined,
  params: Rule,
  models: readonly string[] | undefined,
): Check {
  const headers = createHeaderChecks(apiKey);
  return firstOf(headers, checkJson, checkParams(params), checkModel(models));
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

const checkJson: Check = ({ jsonProblem }) =>
  jsonProblem === undefined ? undefined : toJsonError(jsonProblem);

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
