import { context, propagation } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { W3CTraceContextPropagator } from '@opentelemetry/core';
import {
  AggregationTemporality,
  type DataPoint,
  InMemoryMetricExporter,
  MeterProvider,
  PeriodicExportingMetricReader,
} from '@opentelemetry/sdk-metrics';
import {
  InMemorySpanExporter,
  type ReadableSpan,
  SimpleSpanProcessor,
  TracerProvider,
} from '@opentelemetry/sdk-trace';
import { Anthropic } from '../../src/client.js';
import type { ClientOptions } from '../../src/options.js';
import { type InstrumentOptions, instrument } from '../../src/otel/index.js';
import type { InstrumentedClient } from '../../src/otel/instrument.js';
import { createEmulator, type Reply } from '../../src/testing/index.js';
import { HASTY } from '../stream/support.js';

type Point = DataPoint<unknown>;

type Providers = Required<Pick<InstrumentOptions, 'tracerProvider' | 'meterProvider'>>;

/** The real SDK, with exporters that keep what they get. */
export interface Sdk extends AsyncDisposable {
  tracerProvider: TracerProvider;
  meterProvider: MeterProvider;
  /** In the order of their ends. */
  spans: () => ReadableSpan[];
  /** The points of a metric. */
  points: (name: string) => Promise<readonly Point[]>;
  metricNames: () => Promise<string[]>;
}

export function sdk(): Sdk {
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
  propagation.setGlobalPropagator(new W3CTraceContextPropagator());
  const spans = new InMemorySpanExporter();
  const tracerProvider = new TracerProvider({
    spanProcessors: [new SimpleSpanProcessor({ exporter: spans })],
  });
  const exporter = new InMemoryMetricExporter(AggregationTemporality.CUMULATIVE);
  const reader = new PeriodicExportingMetricReader({ exporter, exportIntervalMillis: 3_600_000 });
  const meterProvider = new MeterProvider({ readers: [reader] });
  const metrics = async () => {
    exporter.reset();
    await reader.forceFlush();
    return exporter
      .getMetrics()
      .flatMap(({ scopeMetrics }) => scopeMetrics.flatMap((it) => it.metrics));
  };
  return {
    tracerProvider,
    meterProvider,
    spans: () => spans.getFinishedSpans(),
    points: async (name) =>
      (await metrics()).find(({ descriptor }) => descriptor.name === name)?.dataPoints ?? [],
    metricNames: async () => (await metrics()).map(({ descriptor }) => descriptor.name),
    [Symbol.asyncDispose]: async () => {
      context.disable();
      propagation.disable();
      await tracerProvider.shutdown();
      await meterProvider.shutdown();
    },
  };
}

/** An instrumented client of an emulator. */
export function instrumented(
  { tracerProvider, meterProvider }: Providers,
  replies: readonly Reply[],
  options: InstrumentOptions = {},
  others: ClientOptions = {},
): Anthropic {
  const { fetch } = createEmulator({ replies });
  const client = new Anthropic({ apiKey: 'sk-secret', fetch, clock: HASTY, ...others });
  watch(client, { tracerProvider, meterProvider }, options);
  return client;
}

export function watch(
  client: InstrumentedClient,
  { tracerProvider, meterProvider }: Providers,
  options: InstrumentOptions = {},
): () => void {
  return instrument(client, { tracerProvider, meterProvider, attempts: true, ...options });
}

/** The one span of a call. */
export function callSpan(spans: readonly ReadableSpan[]): ReadableSpan {
  const calls = spans.filter(({ name }) => name.startsWith('chat '));
  if (calls.length !== 1) throw new Error(`there are ${calls.length} spans of calls`);
  return calls[0] as ReadableSpan;
}
