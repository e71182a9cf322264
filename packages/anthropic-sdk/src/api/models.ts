import type { APIPromise } from '../core/api-promise.js';
import type { PagePromise } from '../core/pagination.js';
import type { RequestOptions } from '../options.js';
import { type PlainParams, PlainResource, path } from './plain.js';

/** A model. */
export interface ModelInfo {
  id: string;
  created_at: string;
  display_name: string;
  type: 'model';
  max_input_tokens?: number | null;
  max_tokens?: number | null;
  // biome-ignore lint/suspicious/noExplicitAny: what a model can do is an open set.
  capabilities?: any;
}

export interface ModelListParams extends PlainParams {
  limit?: number;
  after_id?: string;
  before_id?: string;
}

/** `client.models`. */
export class Models extends PlainResource {
  retrieve(
    id: string,
    params?: PlainParams | null,
    options?: RequestOptions,
  ): APIPromise<ModelInfo> {
    return this.send('get', path`/v1/models/${id}`, params, options);
  }

  list(params?: ModelListParams | null, options?: RequestOptions): PagePromise<ModelInfo> {
    return this.list_('/v1/models', params, options);
  }
}
