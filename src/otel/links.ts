import { type Link, propagation, ROOT_CONTEXT, trace } from '@opentelemetry/api';
import type { TraceHeaders } from '../trace/contexts.js';

/** Links to the spans that headers lead to, as the registered propagator reads them. */
export function linksTo(producers: readonly (TraceHeaders | undefined)[]): Link[] {
  return producers.flatMap((headers) => {
    const context = headers && trace.getSpanContext(propagation.extract(ROOT_CONTEXT, headers));
    return context === undefined ? [] : [{ context }];
  });
}
