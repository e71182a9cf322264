import type { ApiRequest } from '../transport/options.js';
import { toApiRequest } from './api-request.js';

const PATH = '/v1/messages';

/**
 * More than this many tokens may take over ten minutes, at the API's stated pace of 128,000 an hour;
 * networks drop connections that are silent for that long.
 */
const MAX_TOKENS_UNSTREAMED = 21_333;

/** The request behind `messages.create`. */
export function createRequest(params: { stream?: boolean | undefined }): ApiRequest {
  const usage = 'messages.create({ model, max_tokens, messages })';
  return toApiRequest(PATH, params, params?.stream === true, usage);
}

/** Whether a message is streamed under the hood though the caller wants it whole. */
export function isLong({ max_tokens }: { max_tokens: number }): boolean {
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
