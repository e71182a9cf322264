import { type PlainRequest, sendPlain } from '../api-client.js';
import type { ClientState } from '../core-options.js';
import { type Answer, APIPromise } from './api-promise.js';

/** A page of a list, in any of the API's ways to go on. */
export class Page<Item> implements AsyncIterable<Item> {
  data: Item[];
  has_more: boolean;
  first_id: string | null;
  last_id: string | null;
  next_page: string | null;
  readonly #client: ClientState;
  readonly #request: PlainRequest;

  constructor(client: ClientState, body: Partial<Page<Item>>, request: PlainRequest) {
    this.#client = client;
    this.#request = request;
    this.data = body.data ?? [];
    this.has_more = body.has_more ?? false;
    this.first_id = body.first_id ?? null;
    this.last_id = body.last_id ?? null;
    this.next_page = body.next_page ?? null;
  }

  getPaginatedItems(): Item[] {
    return this.data;
  }

  hasNextPage(): boolean {
    return this.data.length > 0 && this.#nextQuery() !== undefined;
  }

  /** @throws Error where this is the last page. */
  getNextPage(): Promise<Page<Item>> {
    const query = this.#nextQuery();
    if (query === undefined)
      throw new Error('No next page expected; please check `.hasNextPage()`.');
    const { after_id, before_id, ...kept } = (this.#request.query ?? {}) as Record<string, unknown>;
    return sendPage<Item>(this.#client, { ...this.#request, query: { ...kept, ...query } }).then();
  }

  async *iterPages(): AsyncGenerator<Page<Item>> {
    let page: Page<Item> = this;
    yield page;
    while (page.hasNextPage()) {
      page = await page.getNextPage();
      yield page;
    }
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Item> {
    for await (const page of this.iterPages()) yield* page.data;
  }

  /** A list that is read backwards goes on before its first item. */
  #nextQuery(): Record<string, string> | undefined {
    if (this.next_page !== null) return { [this.#cursorName()]: this.next_page };
    const { before_id } = (this.#request.query ?? {}) as { before_id?: string };
    if (!this.has_more) return undefined;
    if (before_id) return this.first_id ? { before_id: this.first_id } : undefined;
    return this.last_id ? { after_id: this.last_id } : undefined;
  }

  #cursorName(): string {
    return 'page_token' in (this.#request.query ?? {}) ? 'page_token' : 'page';
  }
}

/** A promise for a page, and a list of all items of all pages. */
export class PagePromise<Item> extends APIPromise<Page<Item>> implements AsyncIterable<Item> {
  async *[Symbol.asyncIterator](): AsyncGenerator<Item> {
    const page = await (this as PromiseLike<Page<Item>>);
    yield* page;
  }
}

export function sendPage<Item>(client: ClientState, request: PlainRequest): PagePromise<Item> {
  const answer = sendPlain<Partial<Page<Item>>>(client, request).withResponse();
  const page = answer.then(
    ({ data, response, request_id }): Answer<Page<Item>> => ({
      data: new Page<Item>(client, data as Partial<Page<Item>>, request),
      response,
      requestId: request_id,
    }),
  );
  return new PagePromise<Item>(page, ({ data, response }) => Response.json(data, response));
}
