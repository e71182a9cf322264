import { type EmulatedError, emulatedError } from '../model/error.js';
import type { Received } from '../model/request.js';
import { messages } from './messages.js';
import { modelParams } from './params.js';
import {
  atLeast,
  boolean,
  both,
  byType,
  integer,
  listOf,
  number,
  oneOf,
  type Rule,
  shape,
  string,
  stringOrList,
  within,
} from './rules.js';
import { toolChoice, tools } from './tool-rules.js';

/** Says why a request is refused; undefined where it is not. */
export type Check = (received: Received) => EmulatedError | undefined;

/** In bytes: the largest body that the API takes. */
const MOST_BYTES = 32 * 1024 * 1024;

/** What the API looks at before it does anything, in its order; the first refusal holds. */
export function checksFor(
  apiKey: string | undefined,
  params: Rule,
  models: readonly string[] | undefined,
): Check {
  const head = headerChecks(apiKey);
  return firstOf(isNotTooLarge, head, isJson, hasParams(params), isModel(models));
}

/** For requests without a body. */
export function headerChecks(apiKey: string | undefined): Check {
  return firstOf(hasKey(apiKey), hasVersion);
}

function firstOf(...checks: readonly Check[]): Check {
  return (received) => {
    for (const check of checks) {
      const refusal = check(received);
      if (refusal !== undefined) return refusal;
    }
    return undefined;
  };
}

const stopSequences: Rule = listOf(
  both(string, (value, path) =>
    String(value).trim() === ''
      ? `${path}: each stop sequence must contain non-whitespace`
      : undefined,
  ),
);

const enabledThinking: Rule = shape({ budget_tokens: both(integer, atLeast(1024)) });

const optional = {
  stream: boolean,
  system: stringOrList,
  stop_sequences: stopSequences,
  temperature: both(number, within(0, 1)),
  top_p: both(number, within(0, 1)),
  top_k: both(integer, atLeast(0)),
  thinking: both(
    shape({ type: oneOf('adaptive', 'enabled', 'between_tools', 'disabled') }),
    byType({ enabled: (value, path) => enabledThinking(value, `${path}.enabled`) }),
  ),
  metadata: shape({}, { user_id: string }),
  tools,
  tool_choice: toolChoice,
};

/** The params of `POST /v1/messages`. */
export const createParams: Rule = both(
  shape({ model: string, max_tokens: both(integer, atLeast(0)), messages }, optional),
  modelParams,
);

/** The params of `POST /v1/messages/count_tokens`. */
export const countTokensParams: Rule = both(
  shape({ model: string, messages }, optional),
  modelParams,
);

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

const isNotTooLarge: Check = ({ text }) =>
  isLonger(text, MOST_BYTES) ? emulatedError('request_too_large') : undefined;

/** Whether a text has more bytes; most bodies are so short that nobody needs to count. */
function isLonger(text: string, bytes: number): boolean {
  const most = text.length * 3;
  return most > bytes && new TextEncoder().encode(text).length > bytes;
}

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

function isModel(models: readonly string[] | undefined): Check {
  return ({ request: { body } }) =>
    models === undefined || models.includes(body.model)
      ? undefined
      : emulatedError('not_found_error', `model: ${body.model}`);
}
