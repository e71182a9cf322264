import type { ApiRequest, RequestOptions } from '../transport/options.js';
import { toApiRequest } from './api-request.js';

/** What is added to the params; checked. */
type Extra = Pick<RequestOptions, 'extraBody'>;

/** How a client sends the requests of `messages.create`: it returns promises, or values. */
export interface CreateRoutes<J, R, W> {
  /** For a message as one JSON document. */
  json: (call: ApiRequest) => J;
  /** For the raw events of a message. */
  raw: (call: ApiRequest) => R;
  /** For a message that is streamed and returned whole. */
  whole: (call: ApiRequest) => W;
}

/** Sends `messages.create` on its route. */
export function sendCreate<J, R, W>(
  params: { max_tokens: number; stream?: boolean | undefined },
  extra: Extra,
  { json, raw, whole }: CreateRoutes<J, R, W>,
): J | R | W {
  const call = createRequest(params, extra);
  if (call.stream) return raw(call);
  return isLong(params, extra) ? whole(streamRequest(params, extra)) : json(call);
}

const PATH = '/v1/messages';

/** The params that a message can't do without. */
const NEEDS = 'model, max_tokens, messages';

/**
 * More than this many tokens may take over ten minutes, at the API's stated pace of 128,000 an hour;
 * networks drop connections that are silent for that long.
 */
const MAX_TOKENS_UNSTREAMED = 21_333;

function createRequest(params: { stream?: boolean | undefined }, extra: Extra): ApiRequest {
  const stream = params?.stream === true;
  return toApiRequest(params, extra, {
    path: PATH,
    stream,
    method: 'messages.create',
    needs: NEEDS,
  });
}

/** Whether a message is streamed under the hood though the caller wants it whole. */
function isLong(params: { max_tokens: number }, { extraBody }: Extra): boolean {
  const { max_tokens } = { ...params, ...extraBody };
  return !(max_tokens <= MAX_TOKENS_UNSTREAMED);
}

/** The request behind `messages.stream`. */
export function streamRequest(params: object, extra: Extra): ApiRequest {
  return toApiRequest(params, extra, {
    path: PATH,
    stream: true,
    method: 'messages.stream',
    needs: NEEDS,
  });
}

/** The request behind `messages.countTokens`. */
export function countTokensRequest(params: object, extra: Extra): ApiRequest {
  return toApiRequest(params, extra, {
    path: `${PATH}/count_tokens`,
    stream: false,
    method: 'messages.countTokens',
    needs: 'model, messages',
    expects: 'token count',
  });
}

/** The request behind `messages.batches.create`. */
export function batchRequest(params: object, extra: Extra): ApiRequest {
  return toApiRequest(params, extra, {
    path: `${PATH}/batches`,
    stream: false,
    method: 'messages.batches.create',
    needs: 'requests',
    expects: 'object',
  });
}
