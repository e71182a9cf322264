import { AnthropicError } from '../errors.js';
import type { ApiRequest } from '../transport/options.js';
import type { PageParams } from '../wire/page.js';

/** The requests for what isn't a message: models, and batches of messages. */

export const MODELS = '/v1/models';
export const BATCHES = '/v1/messages/batches';

/** What the API says of a page of a list. */
export interface PageBody<T> {
  data: T[];
  has_more?: boolean | null;
  first_id?: string | null;
  last_id?: string | null;
}

/**
 * A request about one item of a list.
 * @throws AnthropicError for what can't be an id: the address would be that of something else.
 */
export function itemRequest(
  method: ApiRequest['method'],
  list: string,
  id: string,
  action = '',
): ApiRequest {
  if (typeof id !== 'string' || /^\.{0,2}$/.test(id)) {
    throw new AnthropicError(`${JSON.stringify(id)} is no id: pass that of an item of ${list}`);
  }
  const path = `${list}/${encodeURIComponent(id)}${action}`;
  return { method, path, stream: false, expects: 'object' };
}

/** A request for a page of a list. */
export function pageRequest(list: string, params: PageParams = {}): ApiRequest {
  const { workspace_id, ...query } = params;
  const headers = workspace_id ? { headers: { 'anthropic-workspace-id': workspace_id } } : {};
  return { method: 'GET', path: list, query, stream: false, expects: 'page', ...headers };
}

/** The params of the page after a page; before it, where the list is read backwards. */
export function nextPageParams<P extends PageParams>(
  { has_more, first_id, last_id }: PageBody<unknown>,
  params: P,
): P | undefined {
  const isBackwards = typeof params.before_id === 'string';
  const id = isBackwards ? first_id : last_id;
  if (!has_more || typeof id !== 'string') return undefined;
  if (id === (isBackwards ? params.before_id : params.after_id)) {
    throw new AnthropicError(`the list does not go on: the page after ${id} ends with it, too`);
  }
  return { ...params, [isBackwards ? 'before_id' : 'after_id']: id };
}
