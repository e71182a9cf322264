/** What a request gave, and the response that it came in. */
export interface Answer<T> {
  data: T;
  response: Response;
  requestId: string | null | undefined;
}

/** Makes of an answer a Response whose body was not read, for `asResponse()`. */
export type Unread<T> = (answer: Answer<T>) => Response;

/** A result with the id of its request, which is not enumerable. */
export type WithRequestID<T> = T extends readonly unknown[] | Response | string
  ? T
  : T extends object
    ? T & { _request_id?: string | null }
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

  constructor(answer: Promise<Answer<T>>, unread: Unread<T> = jsonResponse) {
    // Never used: `then` asks the answer, so that a failure is raised once.
    super((resolve) => resolve(undefined as never));
    this.#answer = answer;
    this.#unread = unread;
  }

  /** The response, its body unread. */
  async asResponse(): Promise<Response> {
    return this.#unread(await this.#answer);
  }

  /** The result with its response and its `request-id`. */
  async withResponse(): Promise<{
    data: WithRequestID<T>;
    response: Response;
    request_id: string | null | undefined;
    workspace_id: string | null;
  }> {
    const { data, response, requestId } = await this.#answer;
    const workspace_id = response.headers.get('anthropic-workspace-id');
    return {
      data: withRequestId(data, requestId),
      response,
      request_id: requestId,
      workspace_id,
    };
  }

  /** A promise for something made of the result, with the same `asResponse()`. */
  _thenUnwrap<U>(transform: (data: T) => U): APIPromise<U> {
    const unread = async (): Promise<Response> => this.asResponse();
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
    const result = this.#answer.then(({ data, requestId }) => withRequestId(data, requestId));
    return result.then(onfulfilled, onrejected);
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

function withRequestId<T>(data: T, requestId: string | null | undefined): WithRequestID<T> {
  if (
    typeof data === 'object' &&
    data !== null &&
    !Array.isArray(data) &&
    Object.isExtensible(data)
  ) {
    Object.defineProperty(data, '_request_id', {
      value: requestId,
      enumerable: false,
      configurable: true,
    });
  }
  return data as WithRequestID<T>;
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
