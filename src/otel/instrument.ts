import { type MeterProvider, metrics, type TracerProvider, trace } from '@opentelemetry/api';
import { aBoolean, checkOptions, must } from '../check-options.js';
import { env } from '../env.js';
import { AnthropicError } from '../errors.js';
import { provideTracing } from '../resources/traced-call.js';
import { traceRequest, traceRun } from '../resources/tracing.js';
import { addSink, isClient } from '../trace/instruments.js';
import { VERSION } from '../version.js';
import { MetricsSink } from './metrics.js';
import { NAMES } from './names.js';
import { SpanSink } from './spans.js';

/** Options of `instrument`. */
export interface InstrumentOptions {
  /** Makes the tracer. Default: the global provider, also one that is registered later. */
  tracerProvider?: TracerProvider | undefined;
  /** Makes the meter. Default: the global provider, as of the first call. */
  meterProvider?: MeterProvider | undefined;
  /**
   * Exports what was said: messages, system prompts, tool definitions, tool inputs and results, and the messages
   * of errors, which can quote them. Default: false.
   */
  content?: boolean | undefined;
  /** Measures the wait for each chunk of content, at a few microseconds each. Default: false. */
  perChunk?: boolean | undefined;
  /** Adds the headers of the registered propagator, such as `traceparent`, to requests. Default: true. */
  propagation?: boolean | undefined;
  /**
   * Whether each request of a call has a span. `'auto'` makes none where an instrumentation of `node:http` or
   * `fetch` makes one already. Default: `'auto'`.
   */
  attempts?: boolean | 'auto' | undefined;
  /**
   * The names of attributes and metrics: those of `@opentelemetry/semantic-conventions` 1.45, or the latest of
   * the semantic-conventions-genai repository, which still change. Default: `'latest'` where
   * OTEL_SEMCONV_STABILITY_OPT_IN has `gen_ai_latest_experimental`, else `'1.45'`.
   */
  conventions?: '1.45' | 'latest' | undefined;
}

/** An `Anthropic` or a `SyncAnthropic`. */
export interface InstrumentedClient {
  readonly messages: object;
  close(): void;
}

const has =
  (method: string) =>
  (value: unknown): boolean =>
    typeof (value as Record<string, unknown> | null)?.[method] === 'function';

const OPTIONS = {
  tracerProvider: must(has('getTracer'), 'pass a TracerProvider, or leave it out'),
  meterProvider: must(has('getMeter'), 'pass a MeterProvider, or leave it out'),
  content: aBoolean,
  perChunk: aBoolean,
  propagation: aBoolean,
  attempts: must((it) => [true, false, 'auto'].includes(it as never), "pass true, false or 'auto'"),
  conventions: must((it) => it === '1.45' || it === 'latest', "pass '1.45' or 'latest'"),
};

/**
 * Makes OpenTelemetry spans and metrics of calls. What the SDK throws never reaches a call.
 * @param client Default: all clients of the process. A client made of it by `withOptions` is another one.
 * @returns a function that switches it off. Calls under way still end their spans.
 * @throws AnthropicError for what is no client of millrace, and for invalid options.
 */
export function instrument(
  client?: InstrumentedClient,
  options: InstrumentOptions = {},
): () => void {
  if (client !== undefined && !isClient(client)) {
    const all = 'or undefined for all: instrument(undefined, { content: true })';
    throw new AnthropicError(`instrument needs an Anthropic or SyncAnthropic of millrace, ${all}`);
  }
  checkOptions(options, OPTIONS);
  const { content = false, attempts = 'auto', propagation = true, perChunk = false } = options;
  const { tracerProvider = trace, meterProvider = metrics } = options;
  const names = NAMES[options.conventions ?? defaultConventions()];
  const tracer = tracerProvider.getTracer('millrace', VERSION);
  // The global meter provider has no proxy: a meter from before the SDK's start would measure nothing.
  const meter = () => meterProvider.getMeter('millrace', VERSION);
  provideTracing({ traceRequest, traceRun });
  const offs = [
    addSink(new SpanSink({ tracer, names, content, attempts, propagation }), client),
    addSink(new MetricsSink(meter, names, perChunk), client),
  ];
  return () => {
    for (const off of offs) off();
  };
}

function defaultConventions(): '1.45' | 'latest' {
  const categories = (env('OTEL_SEMCONV_STABILITY_OPT_IN') ?? '').split(',');
  const isLatest = categories.some((name) => name.trim() === 'gen_ai_latest_experimental');
  return isLatest ? 'latest' : '1.45';
}
