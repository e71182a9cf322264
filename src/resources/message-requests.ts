import type { ApiRequest } from '../transport/options.js';
import { toApiRequest } from './api-request.js';

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
  { json, raw, whole }: CreateRoutes<J, R, W>,
): J | R | W {
  const call = createRequest(params);
  if (call.stream) return raw(call);
  return isLong(params) ? whole(streamRequest(params)) : json(call);
}

const PATH = '/v1/messages';

/**
 * More than this many tokens may take over ten minutes, at the API's stated pace of 128,000 an hour;
 * networks drop connections that are silent for that long.
 */
const MAX_TOKENS_UNSTREAMED = 21_333;

function createRequest(params: { stream?: boolean | undefined }): ApiRequest {
  const usage = 'messages.create({ model, max_tokens, messages })';
  return toApiRequest(PATH, params, params?.stream === true, usage);
}

/** Whether a message is streamed under the hood though the caller wants it whole. */
function isLong({ max_tokens }: { max_tokens: number }): boolean {
  return !(max_tokens <= MAX_TOKENS_UNSTREAMED);
}

/** The request behind `messages.stream`. */
export function streamRequest(params: object): ApiRequest {
  return toApiRequest(PATH, params, true, 'messages.stream({ model, max_tokens, messages })');
}

/** The request behind `messages.countTokens`. */
export function countTokensRequest(params: object): ApiRequest {
  const usage = 'messages.countTokens({ model, messages })';
  return toApiRequest(`${PATH}/count_tokens`, params, false, usage);
}
