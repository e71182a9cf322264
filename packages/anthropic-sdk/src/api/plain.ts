import { sendPlain } from '../api-client.js';
import type { APIPromise } from '../core/api-promise.js';
import { type PagePromise, sendPage } from '../core/pagination.js';
import type { ClientState } from '../core-options.js';
import type { RequestOptions } from '../options.js';

/** Params of a request outside messages: `betas` is a header, the rest is body or query. */
export interface PlainParams {
  betas?: string[] | undefined;
  // biome-ignore lint/suspicious/noExplicitAny: these resources are passed through.
  [param: string]: any;
}

/** Options that may stand in the place of params, as older versions had it: `retrieve(id, { timeout })`. */
const OPTIONS = [
  'headers',
  'maxRetries',
  'timeout',
  'signal',
  'idempotencyKey',
  'query',
  'fetchOptions',
];

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
    betas: string[] | undefined,
    form: Promise<FormData>,
    options: RequestOptions = {},
  ): APIPromise<T> {
    const request = form.then((body) => ({
      method: 'post' as const,
      path,
      ...this.#split('post', { betas }, { ...options, body }),
    }));
    return sendPlain<T>(this.client, request);
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
    const isOption = ([name]: [string, unknown]): boolean => OPTIONS.includes(name);
    const given = Object.fromEntries(Object.entries(rest).filter(isOption));
    const fields = Object.fromEntries(Object.entries(rest).filter((each) => !isOption(each)));
    const beta = [...new Set([...betas, ...this.#betas])].join(',');
    const merged = { ...given, ...options };
    const headers = { ...(beta ? { 'anthropic-beta': beta } : {}), ...(merged.headers as object) };
    const has = Object.keys(fields).length > 0;
    if (method === 'get') return { ...merged, headers, query: { ...merged.query, ...fields } };
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
