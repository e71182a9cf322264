import { type EmulatedError, emulatedError } from './api-error.js';
import type { Received } from './request.js';
import {
  boolean,
  integer,
  list,
  listOf,
  number,
  oneOf,
  type Rule,
  shape,
  string,
  stringOrList,
} from './rules.js';

/** Says why a request is refused; undefined where it is not. */
export type Check = (received: Received) => EmulatedError | undefined;

/** What the API looks at before it does anything, in its order; the first refusal holds. */
export function checksFor(apiKey: string | undefined, params: Rule): Check {
  const checks: readonly Check[] = [hasKey(apiKey), hasVersion, isJson, hasParams(params)];
  return (received) => {
    for (const check of checks) {
      const refusal = check(received);
      if (refusal !== undefined) return refusal;
    }
    return undefined;
  };
}

const message: Rule = shape({
  role: oneOf('user', 'assistant', 'system'),
  content: stringOrList,
});

const messages: Rule = (value, path) =>
  Array.isArray(value) && value.length === 0
    ? `${path}: at least one message is required`
    : listOf(message)(value, path);

const optional = {
  stream: boolean,
  system: stringOrList,
  stop_sequences: list,
  temperature: number,
  tools: list,
};

/** The params of `POST /v1/messages`. */
export const createParams: Rule = shape({ model: string, max_tokens: integer, messages }, optional);

/** The params of `POST /v1/messages/count_tokens`. */
export const countTokensParams: Rule = shape({ model: string, messages }, optional);

/** @param apiKey the only one that passes; undefined: any. */
function hasKey(apiKey: string | undefined): Check {
  return ({ request: { headers } }) => {
    const bearer = /^bearer (.+)$/i.exec(headers.authorization ?? '')?.[1];
    const keys = [headers['x-api-key'], bearer].filter((key) => key !== undefined);
    if (keys.length === 0) {
      return emulatedError('authentication_error', 'x-api-key header is required');
    }
    if (apiKey === undefined || keys.includes(apiKey)) return undefined;
    return emulatedError('authentication_error', 'invalid x-api-key');
  };
}

const hasVersion: Check = ({ request: { headers } }) =>
  headers['anthropic-version'] === undefined
    ? emulatedError('invalid_request_error', 'anthropic-version: header is required')
    : undefined;

const isJson: Check = ({ jsonProblem }) =>
  jsonProblem === undefined
    ? undefined
    : emulatedError('invalid_request_error', `The request body is not valid JSON: ${jsonProblem}`);

function hasParams(rule: Rule): Check {
  return ({ request }) => {
    const problem = rule(request.body, '');
    return problem === undefined ? undefined : emulatedError('invalid_request_error', problem);
  };
}
