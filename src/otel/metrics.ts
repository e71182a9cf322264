import type { Attributes, Meter } from '@opentelemetry/api';
import type { Progress, StreamContext } from '../trace/contexts.js';
import type { AnyContext, Kind, Note, Sink } from '../trace/sink.js';
import {
  callAttributes,
  errorType,
  isInference,
  tokenCounts,
  withoutUndefined,
} from './attributes.js';
import { createInstruments, type Instruments } from './instruments.js';
import type { Names } from './names-table.js';

/** Measures calls. */
export class MetricsSink implements Sink {
  readonly progressed?: NonNullable<Sink['progressed']>;
  readonly #open: () => Meter;
  readonly #names: Names;
  /** Of the calls under way. */
  readonly #calls = new Map<string, Attributes>();
  #made: Instruments | undefined;

  /** @param open the meter, asked for at the first call. */
  constructor(open: () => Meter, names: Names, perChunk: boolean) {
    this.#open = open;
    this.#names = names;
    if (perChunk) this.progressed = this.#progressed;
  }

  begun(kind: Kind, context: AnyContext): void {
    if (kind !== 'stream') return;
    const call = context as StreamContext;
    const attributes = callAttributes(call, this.#names);
    this.#calls.set(call.streamId, attributes);
    this.#instruments.active.add(1, attributes);
  }

  noted({ type }: Note, { streamId }: StreamContext): void {
    const attributes = this.#calls.get(streamId);
    if (type === 'retry') this.#instruments.retries.add(1, attributes);
    if (type === 'recover') this.#instruments.recoveries.add(1, attributes);
  }

  ended(kind: Kind, context: AnyContext): void {
    if (kind !== 'stream') return;
    const call = context as StreamContext;
    const attributes = this.#calls.get(call.streamId);
    if (attributes === undefined) return;
    this.#calls.delete(call.streamId);
    this.#instruments.active.add(-1, attributes);
    measure(this.#instruments, call, attributes, this.#names);
  }

  readonly #progressed = ({ type, streamId, ms }: Progress): void => {
    if (type !== 'chunk') return;
    this.#instruments.chunks.record(ms / 1000, this.#calls.get(streamId));
  };

  get #instruments(): Instruments {
    this.#made ??= createInstruments(this.#open(), this.#names);
    return this.#made;
  }
}

function measure(
  instruments: Instruments,
  call: StreamContext,
  attributes: Attributes,
  names: Names,
): void {
  const { ms = 0, firstContentMs, stalls } = call;
  const answered = withoutUndefined({
    ...attributes,
    [names.attributes.responseModel]: call.responseModel,
  });
  if (stalls > 0) instruments.stalls.add(stalls, attributes);
  const type = errorType(call);
  const ended = type === undefined ? answered : { ...answered, 'error.type': type };
  (isInference(call) ? instruments.inference : instruments.other).record(ms / 1000, ended);
  if (!isInference(call)) return;
  if (firstContentMs !== undefined) {
    instruments.firstChunk.record(firstContentMs / 1000, answered);
  }
  const counts = tokenCounts(call);
  for (const { of, record, attributes: more } of instruments.tokens) {
    const count = counts?.[of];
    if (count !== undefined) record(count, { ...answered, ...more });
  }
}
