/** What a request gave, and the response that it came in. */
export interface Answer<T> {
  data: T;
  response: Response;
  requestId: string | null | undefined;
}

/** Makes of an answer a Response whose body was not read, for `asResponse()`. */
export type Unread<T> = (answer: Answer<T>) => Response;

/** A result with the ids of its request and its workspace, which are not enumerable. */
export type WithRequestID<T> = T extends readonly unknown[] | Response | string
  ? T
  : T extends object
    ? T & { _request_id?: string | null; _workspace_id?: string | null }
    : T;

/**
 * A promise for a result. The request was sent, whether or not it is awaited. It rejects where it is
 * awaited, or unhandled where nothing asks for it.
 */
export class APIPromise<T> extends Promise<WithRequestID<T>> {
  static override get [Symbol.species](): PromiseConstructor {
    return Promise;
  }

  readonly #answer: Promise<Answer<T>>;
  readonly #unread: Unread<T>;
  #response: Promise<Response> | undefined;

  constructor(answer: Promise<Answer<T>>, unread: Unread<T> = jsonResponse) {
    // Never used: `then` asks the answer, so that a failure is raised once.
    super((resolve) => resolve(undefined as never));
    this.#answer = answer;
    this.#unread = unread;
  }

  /** The response, its body unread: the same one each time. */
  asResponse(): Promise<Response> {
    this.#response ??= this.#answer.then(this.#unread);
    return this.#response;
  }

  /** The result with its response and its `request-id`. */
  async withResponse(): Promise<{
    data: WithRequestID<T>;
    response: Response;
    request_id: string | null | undefined;
    workspace_id: string | null;
  }> {
    const answer = await this.#answer;
    return {
      data: withIds(answer),
      response: (await this.#response) ?? answer.response,
      request_id: answer.requestId,
      workspace_id: workspaceOf(answer),
    };
  }

  /** A promise for something made of the result, with the same `asResponse()`. */
  _thenUnwrap<U>(transform: (data: T) => U): APIPromise<U> {
    const unread = (): Promise<Response> => this.asResponse();
    const mapped = this.#answer.then((answer) => ({ ...answer, data: transform(answer.data) }));
    const promise = new APIPromise<U>(mapped);
    promise.asResponse = unread;
    return promise;
  }

  // biome-ignore lint/suspicious/noThenProperty: it is a promise.
  override then<A = WithRequestID<T>, B = never>(
    onfulfilled?: ((value: WithRequestID<T>) => A | PromiseLike<A>) | null,
    onrejected?: ((reason: unknown) => B | PromiseLike<B>) | null,
  ): Promise<A | B> {
    return this.#answer.then(withIds).then(onfulfilled, onrejected);
  }

  override catch<B = never>(
    onrejected?: ((reason: unknown) => B | PromiseLike<B>) | null,
  ): Promise<WithRequestID<T> | B> {
    return this.then(undefined, onrejected);
  }

  override finally(onfinally?: (() => void) | null): Promise<WithRequestID<T>> {
    return this.then().finally(onfinally);
  }
}

function withIds<T>(answer: Answer<T>): WithRequestID<T> {
  const { data, requestId } = answer;
  const isObject = typeof data === 'object' && data !== null && !Array.isArray(data);
  if (isObject && Object.isExtensible(data)) {
    const hidden = { enumerable: false, configurable: true };
    Object.defineProperties(data, {
      _request_id: { value: requestId, ...hidden },
      _workspace_id: { value: workspaceOf(answer), ...hidden },
    });
  }
  return data as WithRequestID<T>;
}

function workspaceOf({ response }: Answer<unknown>): string | null {
  return response.headers.get('anthropic-workspace-id');
}

function jsonResponse<T>({ data, response }: Answer<T>): Response {
  return copyResponse(response, JSON.stringify(data));
}

/** A response with another body: what was decoded has neither a length nor a coding any more. */
export function copyResponse(response: Response, body: BodyInit | null): Response {
  const headers = new Headers(response.headers);
  for (const name of ['content-length', 'content-encoding', 'transfer-encoding']) {
    headers.delete(name);
  }
  return new Response(body, { status: response.status, statusText: response.statusText, headers });
}
