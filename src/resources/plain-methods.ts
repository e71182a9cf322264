import { toPromise } from '../pull/poll.js';
import { InputGate } from '../stream/input-gate.js';
import { traceSource } from '../stream/traced-source.js';
import type { ApiRequest, RequestOptions, ResolvedOptions } from '../transport/options.js';
import type { ResponseHead } from '../transport/port.js';
import type { PageParams } from '../wire/page.js';
import { BatchResults } from './batch-results.js';
import { BatchResultsSource, resultIn } from './batch-results-source.js';
import { sendTraced } from './create-routes.js';
import { Page } from './page.js';
import { BATCHES, itemRequest, MODELS, type PageBody, pageRequest } from './plain-requests.js';
import type { Answer } from './response-promise.js';
import { type TracedCall, traced } from './traced-call.js';

/** The lists, by name. */
export type List = 'models' | 'batches';

const LISTS: Readonly<Record<List, string>> = { models: MODELS, batches: BATCHES };

/** Sends a request about one item of a list. */
export function sendItem<T>(
  settings: ResolvedOptions,
  options: RequestOptions,
  list: List,
  method: ApiRequest['method'],
  id: string,
  action?: string,
): Promise<Answer<T>> {
  const call = itemRequest(method, LISTS[list], id, action);
  return sendTraced<T>(
    traced(settings, call, { operation: list, params: undefined }),
    options,
    new InputGate(),
  );
}

/** A page of a list. */
export async function getPage<T>(
  settings: ResolvedOptions,
  options: RequestOptions,
  list: List,
  params: PageParams = {},
): Promise<Answer<Page<T>>> {
  const call = pageRequest(LISTS[list], params);
  const made = traced(settings, call, { operation: list, params: undefined });
  const { data, head } = await sendTraced<PageBody<T>>(made, options, new InputGate());
  const open = async (next: PageParams): Promise<Page<T>> =>
    (await getPage<T>(settings, options, list, next)).data;
  return { data: new Page<T>(data, params, open), head };
}

/** The results of a batch, from their response headers on. */
export async function getResults<T>(
  settings: ResolvedOptions,
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
  const made = traced(settings, call, { operation: 'batches', params: undefined });
  const source = traceSource(
    made.trace,
    new BatchResultsSource(made.settings, call, options, owner),
  );
  const data = new BatchResults<T>({
    head: () => head,
    next: (wake) => resultIn<T>(source.next(wake)),
    cancel: (reason) => source.cancel(reason),
    signals: [options.signal, settings.closed],
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
  return sendTraced<T>(made, options, new InputGate());
}
