import { Anthropic as Core } from 'millrace';
import { refuseAbsent } from './api/absent.js';
import { Beta } from './api/beta.js';
import { Files } from './api/files.js';
import { Messages, type MessagesClient } from './api/messages.js';
import { Models } from './api/models.js';
import { SKILLS_BETA, Skills } from './api/skills.js';
import { type PlainRequest, sendPlain } from './api-client.js';
import type { APIPromise } from './core/api-promise.js';
import {
  type BuiltRequest,
  buildRequest,
  buildURL,
  DEFAULT_BASE_URL,
  type PathRequest,
} from './core/build-request.js';
import { convertError } from './core/convert-error.js';
import { env } from './core/env.js';
import * as errors from './core/error.js';
import { toHeaderRecord } from './core/headers.js';
import { logLevel } from './core/log-level.js';
import { refuseOverrides } from './core/overrides.js';
import { type PagePromise, sendPage } from './core/pagination.js';
import { toFile } from './core/uploads.js';
import { Cores } from './core-options.js';
import {
  type ClientOptions,
  type FetchOptions,
  type Logger,
  type LogLevel,
  type RequestOptions,
  refuseUnsupported,
} from './options.js';

export type { ClientOptions, Logger, LogLevel, RequestOptions } from './options.js';

/** The official client's names over millrace. */
export class Anthropic implements MessagesClient {
  static readonly Anthropic: typeof Anthropic = Anthropic;
  /** In milliseconds. */
  static readonly DEFAULT_TIMEOUT: number = 600_000;
  static readonly AnthropicError: typeof errors.AnthropicError = errors.AnthropicError;
  static readonly APIError: typeof errors.APIError = errors.APIError;
  static readonly APIConnectionError: typeof errors.APIConnectionError = errors.APIConnectionError;
  static readonly APIConnectionTimeoutError: typeof errors.APIConnectionTimeoutError =
    errors.APIConnectionTimeoutError;
  static readonly APIUserAbortError: typeof errors.APIUserAbortError = errors.APIUserAbortError;
  static readonly NotFoundError: typeof errors.NotFoundError = errors.NotFoundError;
  static readonly ConflictError: typeof errors.ConflictError = errors.ConflictError;
  static readonly RateLimitError: typeof errors.RateLimitError = errors.RateLimitError;
  static readonly BadRequestError: typeof errors.BadRequestError = errors.BadRequestError;
  static readonly OverloadedError: typeof errors.OverloadedError = errors.OverloadedError;
  static readonly AuthenticationError: typeof errors.AuthenticationError =
    errors.AuthenticationError;
  static readonly RequestTimeoutError: typeof errors.RequestTimeoutError =
    errors.RequestTimeoutError;
  static readonly InternalServerError: typeof errors.InternalServerError =
    errors.InternalServerError;
  static readonly NotImplementedError: typeof errors.NotImplementedError =
    errors.NotImplementedError;
  static readonly GatewayTimeoutError: typeof errors.GatewayTimeoutError =
    errors.GatewayTimeoutError;
  static readonly PaymentRequiredError: typeof errors.PaymentRequiredError =
    errors.PaymentRequiredError;
  static readonly ContentTooLargeError: typeof errors.ContentTooLargeError =
    errors.ContentTooLargeError;
  static readonly PermissionDeniedError: typeof errors.PermissionDeniedError =
    errors.PermissionDeniedError;
  static readonly PreconditionFailedError: typeof errors.PreconditionFailedError =
    errors.PreconditionFailedError;
  static readonly ServiceUnavailableError: typeof errors.ServiceUnavailableError =
    errors.ServiceUnavailableError;
  static readonly UnprocessableEntityError: typeof errors.UnprocessableEntityError =
    errors.UnprocessableEntityError;
  static readonly ClientClosedRequestError: typeof errors.ClientClosedRequestError =
    errors.ClientClosedRequestError;
  static readonly RequestHeaderFieldsTooLargeError: typeof errors.RequestHeaderFieldsTooLargeError =
    errors.RequestHeaderFieldsTooLargeError;
  static readonly toFile: typeof toFile = toFile;

  apiKey: string | null;
  authToken: string | null;
  baseURL: string;
  maxRetries: number;
  timeout: number;
  logger: Logger;
  logLevel: LogLevel;
  fetchOptions: FetchOptions | undefined;
  readonly messages: Messages;
  readonly models: Models;
  readonly files: Files;
  readonly skills: Skills;
  readonly beta: Beta;
  /** The options as they were passed. */
  readonly _options: ClientOptions;
  readonly #cores: Cores;

  /** @throws AnthropicError for an option that has no counterpart in millrace, or is invalid. */
  constructor(options: ClientOptions = {}) {
    refuseUnsupported(options);
    refuseOverrides(this, Anthropic.prototype);
    const { apiKey, authToken } = options;
    this._options = options;
    const key = typeof apiKey === 'function' ? null : apiKey;
    this.apiKey = (key === undefined ? env('ANTHROPIC_API_KEY') : key) ?? null;
    this.authToken = (authToken === undefined ? env('ANTHROPIC_AUTH_TOKEN') : authToken) ?? null;
    this.baseURL = options.baseURL || env('ANTHROPIC_BASE_URL') || DEFAULT_BASE_URL;
    this.maxRetries = options.maxRetries ?? 2;
    this.timeout = options.timeout ?? Anthropic.DEFAULT_TIMEOUT;
    this.logger = options.logger ?? console;
    this.logLevel = logLevel(options.logLevel, this.logger);
    this.fetchOptions = options.fetchOptions;
    this.#cores = new Cores(this, toCore);
    // Invalid options are found now.
    this.#cores.get();
    this.messages = new Messages(this);
    this.models = new Models(this);
    this.files = new Files(this);
    this.skills = new Skills(this, SKILLS_BETA);
    this.beta = new Beta(this);
    refuseAbsent(this, 'client', ['completions', 'organization', 'userProfiles']);
  }

  /** A client with some options changed. */
  withOptions(options: Partial<ClientOptions>): this {
    const { apiKey, authToken, baseURL, timeout, maxRetries, fetchOptions } = this;
    const key = typeof this._options.apiKey === 'function' ? this._options.apiKey : apiKey;
    const now = { apiKey: key, authToken, baseURL, timeout, maxRetries, fetchOptions };
    const Client = this.constructor as new (options: ClientOptions) => this;
    return new Client({ ...this._options, ...now, ...options });
  }

  get<T>(path: string, options?: MethodOptions): APIPromise<T> {
    return this.#call<T>('get', path, options);
  }

  post<T>(path: string, options?: MethodOptions): APIPromise<T> {
    return this.#call<T>('post', path, options);
  }

  patch<T>(path: string, options?: MethodOptions): APIPromise<T> {
    return this.#call<T>('patch', path, options);
  }

  put<T>(path: string, options?: MethodOptions): APIPromise<T> {
    return this.#call<T>('put', path, options);
  }

  delete<T>(path: string, options?: MethodOptions): APIPromise<T> {
    return this.#call<T>('delete', path, options);
  }

  /** A request with its method and path. */
  request<T>(options: PathRequest | PromiseLike<PathRequest>): APIPromise<T> {
    return sendPlain<T>(this, supported(options));
  }

  /** What `fetch` gets for a request: its init and its URL. */
  buildRequest(options: PathRequest): Promise<BuiltRequest> {
    return buildRequest(this, options);
  }

  /** A list of the API, page by page. The class of the page is not needed: there is one. */
  getAPIList<T>(path: string, _Page?: unknown, options: RequestOptions = {}): PagePromise<T> {
    return sendPage<T>(this, { method: 'get', path, ...options });
  }

  /**
   * The URL that a path is requested at.
   * @param defaultBaseURL the base of a path that lives elsewhere, unless the client has a base of its own.
   */
  buildURL(path: string, query?: Record<string, unknown> | null, defaultBaseURL?: string): string {
    return buildURL(this, path, query, defaultBaseURL);
  }

  #call<T>(method: PlainRequest['method'], path: string, options?: MethodOptions): APIPromise<T> {
    return this.request<T>(supported(options).then((options) => ({ method, path, ...options })));
  }

  /** The client of millrace that the requests of `messages` go through. @throws AnthropicError for a client without a key. */
  _core(options: RequestOptions): Core {
    this.#assertCredentials(options);
    return this.#cores.get(options?.fetchOptions);
  }

  /** A request without a key would be refused by the server, far from the cause. */
  #assertCredentials(options: RequestOptions): void {
    if (this.apiKey || this.authToken || typeof this._options.apiKey === 'function') return;
    const headers = {
      ...toHeaderRecord(this._options.defaultHeaders),
      ...toHeaderRecord(options?.headers),
    };
    const names = Object.keys(headers).map((name) => name.toLowerCase());
    if (names.includes('x-api-key') || names.includes('authorization')) return;
    throw new errors.AnthropicError(
      'Could not resolve authentication method. Expected either apiKey or authToken to be set, or one of the "X-Api-Key" or "Authorization" headers to be given or explicitly omitted (null)',
    );
  }
}

export { Anthropic as BaseAnthropic };

/** Options of `client.get()` and the like. */
type MethodOptions = RequestOptions | PromiseLike<RequestOptions>;

/** @throws AnthropicError (rejects) for an option that has no counterpart. */
async function supported<O extends object>(given?: O | PromiseLike<O>): Promise<O> {
  const options = await given;
  refuseUnsupported(options);
  return options as O;
}

function toCore(options: ConstructorParameters<typeof Core>[0]): Core {
  try {
    return new Core(options);
  } catch (error) {
    throw convertError(error);
  }
}
