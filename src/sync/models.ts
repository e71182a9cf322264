import {
  BATCHES,
  itemRequest,
  MODELS,
  type PageBody,
  pageRequest,
} from '../resources/plain-requests.js';
import { REQUEST_OPTIONS } from '../resources/request-options.js';
import type { ApiRequest } from '../transport/options.js';
import type { ModelInfo, ModelListParams } from '../wire/models.js';
import type { PageParams } from '../wire/page.js';
import type { SyncRequestOptions } from './options.js';
import { SyncPage } from './sync-page.js';
import { check, type ThreadCalls } from './thread-calls.js';

/** `client.models` of a blocking client. */
export interface SyncModels {
  /** A model by its id or an alias, and what it can do. @throws NotFoundError where there is none. */
  retrieve(id: string, options?: SyncRequestOptions): ModelInfo;

  /** The models, the newest first: a page, and in a loop all of them. @throws AnthropicError */
  list(params?: ModelListParams, options?: SyncRequestOptions): SyncPage<ModelInfo>;
}

/** @internal */
export function createSyncModels(calls: ThreadCalls): SyncModels {
  return {
    retrieve: (id, options = {}) => {
      check(options, REQUEST_OPTIONS);
      return send<ModelInfo>(calls, 'models', itemRequest('GET', MODELS, id), options);
    },
    list: (params = {}, options = {}) => {
      check(options, REQUEST_OPTIONS);
      return getPage<ModelInfo>(calls, 'models', params, options);
    },
  };
}

const LISTS = { models: MODELS, batches: BATCHES };

/** @internal Sends a request for one JSON document. */
export function send<T>(
  { json, made }: ThreadCalls,
  operation: 'models' | 'batches',
  call: ApiRequest,
  options: SyncRequestOptions,
): T {
  return json<T>(made(call, { operation, params: undefined }), options).data;
}

/** @internal A page of a list. */
export function getPage<T>(
  calls: ThreadCalls,
  list: 'models' | 'batches',
  params: PageParams,
  options: SyncRequestOptions,
): SyncPage<T> {
  const body = send<PageBody<T>>(calls, list, pageRequest(LISTS[list], params), options);
  return new SyncPage<T>(body, params, (next) => getPage<T>(calls, list, next, options));
}
