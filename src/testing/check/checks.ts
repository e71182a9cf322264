import { type EmulatedError, toEmulatedError, toJsonError } from '../model/error.js';
import type { ModelTable } from '../model/model-table.js';
import type { EmulatorRequest } from '../model/request.js';
import { checkBetaParams, checkBetas, toBetas } from './betas.js';
import { checkRelations } from './model-rules.js';
import { leastParams } from './params.js';
import type { Rule } from './rules.js';

/** A request as it arrived. */
export interface CheckedRequest {
  readonly request: EmulatorRequest;
  readonly query: URLSearchParams;
  /** Why the text is not JSON; undefined if it is. */
  readonly jsonProblem: string | undefined;
}

/** Returns why a request is rejected; undefined if it isn't. */
export type Check = (checked: CheckedRequest) => EmulatedError | undefined;

/** What requests are checked against. */
export interface CheckOptions {
  /** The only accepted key; undefined: any. */
  readonly apiKey: string | undefined;
  /** The only available models; undefined: any that may exist. */
  readonly models: readonly string[] | undefined;
  /** Betas besides the known ones. */
  readonly betas: readonly string[];
  readonly table: ModelTable;
  /** Without, whatever has a model and messages is accepted. */
  readonly isStrict: boolean;
}

/** What the API checks before anything else, in its order. The first problem is the answer. */
export function createChecks(options: CheckOptions, params: Rule): Check {
  if (!options.isStrict) {
    return firstOf(checkKey(options.apiKey), checkJson, checkParams(leastParams));
  }
  return firstOf(
    createHeaderChecks(options),
    checkJson,
    checkParams(params),
    checkModel(options),
    checkTogether(options),
  );
}

/** For requests with a body whose params don't depend on a model. */
export function createBodyChecks(options: CheckOptions, params: Rule): Check {
  const first = options.isStrict ? createHeaderChecks(options) : checkKey(options.apiKey);
  return firstOf(first, checkJson, checkParams(params));
}

/** For requests without a body. */
export function createHeaderChecks({ apiKey, betas }: CheckOptions): Check {
  return firstOf(checkKey(apiKey), checkVersion, checkBetaNames(betas));
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

function refuse(problem: string | undefined): EmulatedError | undefined {
  return problem === undefined ? undefined : toEmulatedError('invalid_request_error', problem);
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
    const what = bearer === undefined ? 'invalid x-api-key' : 'Invalid bearer token';
    return toEmulatedError('authentication_error', what);
  };
}

const VERSION = /^\d{4}-\d{2}-\d{2}$/;

const checkVersion: Check = ({ request: { headers } }) => {
  const version = headers['anthropic-version'];
  if (version === undefined) return refuse('anthropic-version: header is required');
  return VERSION.test(version)
    ? undefined
    : refuse(`anthropic-version: "${version}" is not a valid version`);
};

function checkBetaNames(more: readonly string[]): Check {
  return ({ request: { headers } }) => refuse(checkBetas(toBetas(headers['anthropic-beta']), more));
}

const checkJson: Check = ({ jsonProblem }) =>
  jsonProblem === undefined ? undefined : toJsonError(jsonProblem);

function checkParams(rule: Rule): Check {
  return ({ request }) => refuse(rule(request.body, ''));
}

function checkModel({ models, table }: CheckOptions): Check {
  return ({ request: { body } }) =>
    (models === undefined ? table.isPlausible(body.model) : models.includes(body.model))
      ? undefined
      : toEmulatedError('not_found_error', `model: ${body.model}`);
}

/** What params may not be together, with this model, or without a beta. */
function checkTogether({ table }: CheckOptions): Check {
  return ({ request: { body, headers }, query }) => {
    const betas = toBetas(headers['anthropic-beta']);
    // Official SDKs before 1.0 say `?beta=true`; their recordings may lack the header.
    const isUnstated = betas.length === 0 && query.get('beta') === 'true';
    return refuse(
      (isUnstated ? undefined : checkBetaParams(body, betas)) ??
        checkRelations({ params: body, model: table.find(body.model), betas }),
    );
  };
}
