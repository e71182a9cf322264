import { sendPlain } from '../api-client.js';
import type { APIPromise } from '../core/api-promise.js';
import { toHeaderRecord } from '../core/headers.js';
import { type PagePromise, sendPage } from '../core/pagination.js';
import type { ClientState } from '../core-options.js';
import type { RequestOptions } from '../options.js';

/** Params of a request outside messages: `betas` and two ids are headers, the rest is body or query. */
export interface PlainParams {
  betas?: string[] | undefined;
  // biome-ignore lint/suspicious/noExplicitAny: these resources are passed through.
  [param: string]: any;
}

/** Options that may stand in the place of params, as older versions had it: `retrieve(id, { timeout })`. */
const OPTIONS = [
  'path',
  'headers',
  'maxRetries',
  'timeout',
  'signal',
  'idempotencyKey',
  'query',
  'fetchOptions',
];

/** Params that travel as headers. */
const HEADERS: Readonly<Record<string, string>> = {
  user_profile_id: 'anthropic-user-profile-id',
  workspace_id: 'anthropic-workspace-id',
};

/** The calls of a resource that is no message. */
export class PlainResource {
  protected readonly client: ClientState;
  readonly #betas: readonly string[];

  /** @param betas `anthropic-beta` of these calls. */
  constructor(client: ClientState, betas: readonly string[] = []) {
    this.client = client;
    this.#betas = betas;
  }

  protected send<T>(
    method: 'get' | 'post' | 'delete',
    path: string,
    params?: PlainParams | null,
    options: RequestOptions & { isBinary?: boolean } = {},
  ): APIPromise<T> {
    return sendPlain<T>(this.client, { method, path, ...this.#split(method, params, options) });
  }

  /** Sends a form, which takes time to build where its files are streams. */
  protected upload_<T>(
    path: string,
    params: PlainParams,
    form: Promise<FormData>,
    options: RequestOptions = {},
  ): APIPromise<T> {
    const request = form.then((body) => ({
      method: 'post' as const,
      path,
      ...this.#split('post', params, { ...options, body }),
    }));
    return sendPlain<T>(this.client, request);
  }

  /** The response, whose body is the content. */
  protected download_(
    path: string,
    params?: PlainParams | null,
    options?: RequestOptions,
  ): APIPromise<Response> {
    const headers = { accept: 'application/binary', ...toHeaderRecord(options?.headers) };
    return this.send('get', path, params, { ...options, headers, isBinary: true });
  }

  protected list_<T>(
    path: string,
    params?: PlainParams | null,
    options: RequestOptions = {},
  ): PagePromise<T> {
    return sendPage<T>(this.client, {
      method: 'get',
      path,
      ...this.#split('get', params, options),
    });
  }

  #split(
    method: string,
    params: PlainParams | null | undefined,
    options: RequestOptions,
  ): RequestOptions {
    const { betas = [], ...rest } = params ?? {};
    const beta = [...new Set([...betas, ...this.#betas])].join(',');
    const headers: Record<string, string | null> = beta ? { 'anthropic-beta': beta } : {};
    const given: RequestOptions = {};
    const fields: Record<string, unknown> = {};
    for (const [name, value] of Object.entries(rest)) {
      const header = HEADERS[name];
      if (header !== undefined) Object.assign(headers, value == null ? {} : { [header]: value });
      else Object.assign(OPTIONS.includes(name) ? given : fields, { [name]: value });
    }
    const merged = { ...given, ...options };
    Object.assign(headers, toHeaderRecord(merged.headers));
    if (method === 'get') return { ...merged, headers, query: { ...merged.query, ...fields } };
    const has = Object.keys(fields).length > 0;
    return { ...merged, headers, ...(has ? { body: merged.body ?? fields } : {}) };
  }
}

/** A path with its ids encoded. @throws Error for an empty id, which would name the list. */
export function path(strings: TemplateStringsArray, ...ids: string[]): string {
  for (const id of ids) {
    if (!id || /^\.{1,2}$/.test(id)) throw new Error(`'${id}' is no id`);
  }
  return String.raw({ raw: strings }, ...ids.map(encodeURIComponent));
}
