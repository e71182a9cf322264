import type { PageParams } from '../wire/page.js';
import { nextPageParams, type PageBody } from './plain-requests.js';

/** A page of a list. A loop over it goes through its items and those of the pages after it. */
export class Page<T> implements AsyncIterable<T> {
  readonly data: T[];
  /** Whether there are more items in the direction of reading. */
  readonly has_more: boolean;
  readonly first_id: string | null;
  readonly last_id: string | null;
  readonly #params: PageParams;
  readonly #open: (params: PageParams) => Promise<Page<T>>;

  /** @internal Made by the `list` methods. */
  constructor(
    body: PageBody<T>,
    params: PageParams,
    open: (params: PageParams) => Promise<Page<T>>,
  ) {
    this.data = body.data;
    this.has_more = body.has_more ?? false;
    this.first_id = body.first_id ?? null;
    this.last_id = body.last_id ?? null;
    this.#params = params;
    this.#open = open;
  }

  /** Whether there is a page after this one; before it, where the list is read with `before_id`. */
  hasNextPage(): boolean {
    return nextPageParams(this, this.#params) !== undefined;
  }

  /** The page after this one; undefined where this is the last. @throws AnthropicError (rejects) */
  async getNextPage(): Promise<Page<T> | undefined> {
    const params = nextPageParams(this, this.#params);
    return params && this.#open(params);
  }

  /** The items of this page and of those after it, which are requested one by one. */
  async *[Symbol.asyncIterator](): AsyncGenerator<T, undefined, undefined> {
    let page: Page<T> | undefined = this;
    for (; page !== undefined; page = await page.getNextPage()) yield* page.data;
    return undefined;
  }
}
