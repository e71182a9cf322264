import { toPromise } from '../pull/poll.js';
import type { ApiRequest, RequestOptions } from '../transport/options.js';
import type { ResponseHead } from '../transport/port.js';
import type { PageParams } from '../wire/page.js';
import { BatchResults } from './batch-results.js';
import { BatchResultsSource, resultIn } from './batch-results-source.js';
import { sendTraced } from './create-routes.js';
import type { MakeCall, TracedCall } from './made-call.js';
import { Page } from './page.js';
import { BATCHES, itemRequest, MODELS, type PageBody, pageRequest } from './plain-requests.js';
import type { Answer } from './response-promise.js';

/** The lists, by name. */
export type List = 'models' | 'batches';

const LISTS: Readonly<Record<List, string>> = { models: MODELS, batches: BATCHES };

/** Sends a request about one item of a list. */
export async function sendItem<T>(
  make: MakeCall,
  options: RequestOptions,
  list: List,
  method: ApiRequest['method'],
  id: string,
  action?: string,
): Promise<Answer<T>> {
  const call = itemRequest(method, LISTS[list], id, action);
  return sendTraced<T>(await make(call, list), options);
}

/** A page of a list. */
export async function getPage<T>(
  make: MakeCall,
  options: RequestOptions,
  list: List,
  params: PageParams = {},
): Promise<Answer<Page<T>>> {
  const call = pageRequest(LISTS[list], params);
  const made = await make(call, list);
  const { data, head } = await sendTraced<PageBody<T>>(made, options);
  const open = async (next: PageParams): Promise<Page<T>> =>
    (await getPage<T>(make, options, list, next)).data;
  return { data: new Page<T>(data, params, open), head };
}

/** The results of a batch, from their response headers on. */
export async function getResults<T>(
  make: MakeCall,
  options: RequestOptions,
  id: string,
): Promise<Answer<BatchResults<T>>> {
  let head: ResponseHead | undefined;
  const owner = {
    onHead: (latest: ResponseHead): void => {
      head = latest;
    },
  };
  const call = itemRequest('GET', BATCHES, id);
  const made = await make(call, 'batches');
  const source = made.toTraced(new BatchResultsSource({ ...made, call }, options, owner));
  const data = new BatchResults<T>({
    head: () => head,
    next: (wake) => resultIn<T>(source.next(wake)),
    cancel: (reason) => source.cancel(reason),
    signals: [options.signal, made.settings.closed],
  });
  try {
    return { data, head: await toPromise<ResponseHead>((wake) => source.connect(wake)) };
  } catch (error) {
    data.close();
    throw error;
  }
}

/** Sends a request that was made when the method was called. */
export function sendMade<T>(made: TracedCall, options: RequestOptions): Promise<Answer<T>> {
  return sendTraced<T>(made, options);
}
