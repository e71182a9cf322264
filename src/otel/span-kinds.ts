import {
  type Attributes,
  type Link,
  propagation,
  ROOT_CONTEXT,
  SpanKind,
  type SpanOptions,
  trace,
} from '@opentelemetry/api';
import type { Contexts, TraceHeaders } from '../trace/contexts.js';
import type { Kind } from '../trace/sink.js';
import {
  callAttributes,
  operationOf,
  requestAttributes,
  responseAttributes,
  serverAttributes,
  withoutUndefined,
} from './attributes.js';
import type { Names } from './names-table.js';

/** How a span is made of a context. */
export interface SpanOf<C = never> {
  /** Its id, where its span is the parent of others. */
  id?: (context: C) => string;
  start: (context: C, names: Names) => SpanOptions & { name: string };
  end: (context: C, names: Names) => Attributes;
  /** What it is linked to, where that is known only at the end. */
  links?: (context: C) => Link[];
}

/** The spans of the traces. */
export const KINDS: { readonly [K in Kind]: SpanOf<Contexts[K]> } = {
  stream: {
    id: ({ streamId }) => streamId,
    start: (call, names) => ({
      name: `${operationOf(call)} ${call.model}`.trimEnd(),
      kind: SpanKind.CLIENT,
      attributes: { ...callAttributes(call, names), ...requestAttributes(call, names) },
    }),
    end: responseAttributes,
  },
  attempt: {
    start: ({ method, url, attempt, delayMs }) => ({
      name: method,
      kind: SpanKind.CLIENT,
      attributes: withoutUndefined({
        ...serverAttributes(url),
        'http.request.method': method,
        'url.full': url,
        'http.request.resend_count': attempt > 1 ? attempt - 1 : undefined,
        'millrace.delay': delayMs === undefined ? undefined : delayMs / 1000,
      }),
    }),
    end: ({ status, requestId }) =>
      withoutUndefined({
        'http.response.status_code': status,
        'anthropic.request_id': requestId,
      }),
  },
  tool: {
    start: ({ name, toolUseId }, { attributes }) => ({
      name: `execute_tool ${name}`,
      kind: SpanKind.INTERNAL,
      attributes: {
        [attributes.operation]: 'execute_tool',
        [attributes.toolName]: name,
        [attributes.toolCallId]: toolUseId,
        [attributes.toolType]: 'function',
      },
    }),
    end: () => ({}),
  },
  run: {
    id: ({ runId }) => runId,
    start: ({ model }, { attributes }) => ({
      name: 'invoke_agent',
      kind: SpanKind.INTERNAL,
      attributes: {
        [attributes.operation]: 'invoke_agent',
        [attributes.provider]: 'anthropic',
        [attributes.model]: model,
      },
    }),
    end: ({ turns }) => ({ 'millrace.turns': turns }),
  },
  relay: {
    start: ({ epoch, before }) => ({
      name: 'relay produce',
      kind: SpanKind.PRODUCER,
      // A process takes over for no caller: what is active is whatever noticed the loss.
      root: epoch > 1,
      links: linksTo([before]),
      attributes: { 'millrace.relay.epoch': epoch },
    }),
    end: ({ outcome, requestId }) =>
      withoutUndefined({ 'millrace.outcome': outcome, 'anthropic.request_id': requestId }),
  },
  follow: {
    start: () => ({ name: 'relay follow', kind: SpanKind.CONSUMER }),
    end: ({ outcome }) => withoutUndefined({ 'millrace.outcome': outcome }),
    links: ({ producers }) => linksTo(producers),
  },
};

/** Links to the spans that headers lead to, as the registered propagator reads them. */
function linksTo(producers: readonly (TraceHeaders | undefined)[]): Link[] {
  return producers.flatMap((headers) => {
    const context = headers && trace.getSpanContext(propagation.extract(ROOT_CONTEXT, headers));
    return context === undefined ? [] : [{ context }];
  });
}
