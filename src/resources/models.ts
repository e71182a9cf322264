import type { RequestOptions, ResolvedOptions } from '../transport/options.js';
import type { ModelInfo, ModelListParams } from '../wire/models.js';
import { callPlain, type PagePromise, pagePromise } from './plain-calls.js';
import { type ResponsePromise, responsePromise } from './response-promise.js';

/** `client.models`. */
export interface Models {
  /**
   * A model by its id or an alias, and what it can do.
   * @throws NotFoundError (rejects) where there is none.
   */
  retrieve(id: string, options?: RequestOptions): ResponsePromise<ModelInfo>;

  /**
   * The models, the newest first: `await` gives a page, `for await` all of them.
   * @throws AnthropicError (rejects)
   */
  list(params?: ModelListParams, options?: RequestOptions): PagePromise<ModelInfo>;
}

export function createModels(settings: ResolvedOptions): Models {
  return {
    retrieve: (id, options) =>
      responsePromise(
        callPlain(settings, options, (methods, make, options) =>
          methods.sendItem<ModelInfo>(make, options, 'models', 'GET', id),
        ),
      ),
    list: (params, options) =>
      pagePromise(
        callPlain(settings, options, (methods, make, options) =>
          methods.getPage<ModelInfo>(make, options, 'models', params),
        ),
      ),
  };
}
