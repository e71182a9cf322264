import {
  type Context,
  context as contexts,
  propagation,
  type Span,
  SpanStatusCode,
  type Tracer,
  trace,
} from '@opentelemetry/api';
import type {
  AttemptContext,
  RelayContext,
  StreamContext,
  ToolCallContext,
  TraceHeaders,
} from '../trace/contexts.js';
import type { AnyContext, Content, Kind, Note, Sink, WorkKind } from '../trace/sink.js';
import { errorType } from './attributes.js';
import { ResponseDraft, requestContent, responseContent } from './content.js';
import { isHttpInstrumented } from './http-instrumentation.js';
import type { Names } from './names-table.js';
import { KINDS, type SpanOf } from './span-kinds.js';

/** What spans are made with. */
export interface SpanSettings {
  tracer: Tracer;
  names: Names;
  content: boolean;
  attempts: boolean | 'auto';
  propagation: boolean;
}

interface OpenSpan {
  span: Span;
  /** With the span. */
  context: Context;
  about: AnyContext;
  /** What a call has said so far, where content is exported. */
  draft?: ResponseDraft;
}

/** Makes a span of each call, request, tool call, run, and turn or reader of a relay. */
export class SpanSink implements Sink {
  readonly headers?: NonNullable<Sink['headers']>;
  readonly said?: NonNullable<Sink['said']>;
  readonly #settings: SpanSettings;
  readonly #open = new WeakMap<AnyContext, OpenSpan>();
  /** Of calls and runs: their spans are parents. */
  readonly #byId = new Map<string, OpenSpan>();

  constructor(settings: SpanSettings) {
    this.#settings = settings;
    if (settings.propagation) this.headers = this.#inject;
    if (settings.content) {
      this.said = (content, about) => {
        const opened = this.#open.get(about);
        if (opened !== undefined) SAY[content.type](opened, content as never, settings.names);
      };
    }
  }

  begun(kind: Kind, about: AnyContext): void {
    const made: SpanOf = KINDS[kind];
    const parent = this.#parentOf(about);
    if (kind === 'attempt' && !this.#makesAttempt(parent)) return;
    const { name, ...options } = made.start(about as never, this.#settings.names);
    const around = parent?.context ?? contexts.active();
    const span = this.#settings.tracer.startSpan(name, options, around);
    const opened = { span, about, context: trace.setSpan(around, span) };
    this.#open.set(about, opened);
    if (made.id !== undefined) this.#byId.set(made.id(about as never), opened);
  }

  ended(kind: Kind, about: AnyContext): void {
    const made: SpanOf = KINDS[kind];
    const opened = this.#open.get(about);
    if (opened === undefined) return;
    this.#open.delete(about);
    if (made.id !== undefined) this.#byId.delete(made.id(about as never));
    const { names, content } = this.#settings;
    const { span, draft } = opened;
    try {
      span.setAttributes(made.end(about as never, names));
      span.addLinks(made.links?.(about as never) ?? []);
      if (draft?.message !== undefined) span.setAttributes(responseContent(draft.message, names));
      fail(span, about, content);
    } finally {
      span.end();
    }
  }

  noted(note: Note, { streamId }: StreamContext): void {
    const attributes = EVENTS[note.type]?.(note as never);
    if (attributes === undefined) return;
    this.#byId.get(streamId)?.span.addEvent(`millrace.${note.type}`, attributes);
  }

  within<T>(_: WorkKind, about: AnyContext, work: () => T): T {
    const { context } = this.#open.get(about) ?? this.#parentOf(about) ?? {};
    return context === undefined ? work() : contexts.with(context, work);
  }

  readonly #inject = (
    about: StreamContext | RelayContext,
    attempt?: AttemptContext,
  ): TraceHeaders => {
    const headers = {};
    const opened = this.#open.get(attempt ?? about) ?? this.#open.get(about);
    if (opened === undefined) return headers;
    // The instrumentation that makes the request's span adds its headers, too.
    if ('streamId' in about && this.#isSeenElsewhere(about)) return headers;
    propagation.inject(opened.context, headers);
    return headers;
  };

  #parentOf(about: AnyContext): OpenSpan | undefined {
    const { runId, streamId } = about as Partial<StreamContext>;
    const isCall = 'operation' in about;
    return this.#byId.get((isCall ? undefined : streamId) ?? runId ?? '');
  }

  #makesAttempt(parent: OpenSpan | undefined): boolean {
    if (parent === undefined || this.#settings.attempts === false) return false;
    return !this.#isSeenElsewhere(parent.about as StreamContext);
  }

  /** Whether an instrumentation of HTTP makes the spans of a call's requests. */
  #isSeenElsewhere({ url, isFetch, isBlocking }: StreamContext): boolean {
    // The blocking client sends from another thread.
    if (this.#settings.attempts !== 'auto' || isBlocking) return false;
    return isHttpInstrumented(url, isFetch);
  }
}

/** The message of an error can quote what was sent. */
function fail(span: Span, about: AnyContext, hasContent: boolean): void {
  const type = errorType(about) ?? ((about as ToolCallContext).isError ? 'tool_error' : undefined);
  if (type === undefined) return;
  span.setAttribute('error.type', type);
  const message = hasContent ? about.error?.message : undefined;
  span.setStatus({ code: SpanStatusCode.ERROR, ...(message !== undefined && { message }) });
}

/** Notes that are events of the call's span. */
const EVENTS: {
  readonly [T in Note['type']]?: (
    note: Extract<Note, { type: T }>,
  ) => Record<string, string | number>;
} = {
  retry: ({ attempt, delay, error }) => ({
    ...{ 'millrace.attempt': attempt, 'millrace.delay': delay / 1000 },
    'error.type': errorType({ error }) ?? error.name,
  }),
  recover: ({ attempt, mode, error }) => ({
    ...{ 'millrace.attempt': attempt, 'millrace.mode': mode },
    'error.type': errorType({ error }) ?? error.name,
  }),
  restart: ({ index }) => ({ 'millrace.index': index }),
};

/** What is done with content. */
const SAY: {
  readonly [T in Content['type']]: (
    opened: OpenSpan,
    content: Extract<Content, { type: T }>,
    names: Names,
  ) => void;
} = {
  params: ({ span }, { params }, names) => span.setAttributes(requestContent(params, names)),
  message: ({ span }, { message }, names) => span.setAttributes(responseContent(message, names)),
  event: (opened, { event }) => {
    opened.draft ??= new ResponseDraft();
    opened.draft.take(event);
  },
  toolInput: ({ span }, { input }, { attributes }) =>
    span.setAttribute(attributes.toolArguments, JSON.stringify(input) ?? ''),
  toolResult: ({ span }, { result }, { attributes }) =>
    span.setAttribute(attributes.toolResult, JSON.stringify(result) ?? ''),
};
