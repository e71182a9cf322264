import { checkOptions } from '../check-options.js';
import { forCaller } from '../pull/caller-stack.js';
import { chunkDeadline, loadChunk } from '../stream/load-chunk.js';
import type { RequestOptions, ResolvedOptions } from '../transport/options.js';
import type { MakeCall } from './made-call.js';
import type { Page } from './page.js';
import { REQUEST_OPTIONS } from './request-options.js';
import { type Answer, type ResponsePromise, responsePromise } from './response-promise.js';
import { traced } from './traced-call.js';

/** A promise for a page, and in a loop the items of that page and of those after it. */
export interface PagePromise<T> extends ResponsePromise<Page<T>>, AsyncIterable<T> {}

type PlainMethods = typeof import('./plain-methods.js');

/**
 * Calls a method for what isn't a message: its code is loaded at the first call, since most programs only
 * stream messages.
 */
export async function callPlain<T>(
  settings: ResolvedOptions,
  options: RequestOptions = {},
  call: (methods: PlainMethods, make: MakeCall, options: RequestOptions) => Promise<Answer<T>>,
): Promise<Answer<T>> {
  checkOptions(options, REQUEST_OPTIONS);
  const chunk = import('./plain-methods.js');
  return call(
    await loadChunk('models and batches', chunk, chunkDeadline(settings, options)),
    (call, operation) => traced(settings, call, { operation, params: undefined }),
    options,
  );
}

export function pagePromise<T>(answer: Promise<Answer<Page<T>>>): PagePromise<T> {
  const page = responsePromise(answer);
  return Object.assign(page, {
    [Symbol.asyncIterator]: async function* () {
      yield* await forCaller(page);
    },
  });
}
