import type { Attributes, Counter, Histogram, Meter, UpDownCounter } from '@opentelemetry/api';
import type { Names, TokenMetric } from './names-table.js';

/** The conventions' buckets, in seconds. */
const SECONDS = [
  0.01, 0.02, 0.04, 0.08, 0.16, 0.32, 0.64, 1.28, 2.56, 5.12, 10.24, 20.48, 40.96, 81.92,
];
const CHUNK_SECONDS = [
  0.001, 0.005, 0.01, 0.02, 0.04, 0.06, 0.08, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10,
];
const TOKENS = [
  1, 4, 16, 64, 256, 1024, 4096, 16_384, 65_536, 262_144, 1_048_576, 4_194_304, 16_777_216,
  67_108_864,
];

/** What is measured. */
export interface Instruments {
  inference: Histogram;
  other: Histogram;
  firstChunk: Histogram;
  chunks: Histogram;
  active: UpDownCounter;
  retries: Counter;
  recoveries: Counter;
  stalls: Counter;
  tokens: readonly (TokenMetric & { record: (count: number, attributes: Attributes) => void })[];
}

export function createInstruments(meter: Meter, { durations, tokens }: Names): Instruments {
  const seconds = (name: string, description: string, buckets = SECONDS): Histogram =>
    meter.createHistogram(name, {
      ...{ description, unit: 's' },
      advice: { explicitBucketBoundaries: buckets },
    });
  const counter = (name: string, unit: string, description: string): Counter =>
    meter.createCounter(`millrace.client.${name}`, { unit, description });
  const inference = seconds(durations.inference, 'How long calls take, to the end of reading.');
  const made = new Map<string, Histogram | Counter>();
  return {
    inference,
    other:
      durations.other === durations.inference
        ? inference
        : seconds(durations.other, 'How long calls take that generate nothing.'),
    firstChunk: seconds(durations.timeToFirstChunk, 'From the call to its first content.'),
    chunks: seconds(
      durations.timePerOutputChunk,
      'The wait for each chunk of content after the first.',
      CHUNK_SECONDS,
    ),
    active: meter.createUpDownCounter('millrace.client.active_streams', {
      ...{ unit: '{stream}', description: 'Calls under way.' },
    }),
    retries: counter('retries', '{retry}', 'Requests that were repeated.'),
    recoveries: counter('recoveries', '{recovery}', 'Streams that broke and were continued.'),
    stalls: counter('stalls', '{stall}', 'Waits for content of 10 s and more.'),
    tokens: tokens.map((metric) => ({ ...metric, record: recorder(meter, metric, made) })),
  };
}

/** Metrics that differ in their attributes alone share an instrument. */
function recorder(
  meter: Meter,
  { name, kind }: TokenMetric,
  made: Map<string, Histogram | Counter>,
): (count: number, attributes: Attributes) => void {
  const options = { unit: '{token}', description: 'Tokens that calls used.' };
  const advice = { explicitBucketBoundaries: TOKENS };
  const instrument =
    made.get(name) ??
    (kind === 'counter'
      ? meter.createCounter(name, options)
      : meter.createHistogram(name, { ...options, advice }));
  made.set(name, instrument);
  return (count, attributes) =>
    'add' in instrument ? instrument.add(count, attributes) : instrument.record(count, attributes);
}
