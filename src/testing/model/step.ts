import type { UntypedEvent } from '../../message/untyped.js';
import { encodeEvent } from '../../sse/encode.js';

/** One thing that happens while a response is sent. Nothing happens after an `EndStep`. */
export type Step = BytesStep | WaitStep | EndStep;

/** Some bytes of the body. */
export interface BytesStep {
  readonly bytes: Uint8Array;
  /** The event that these bytes complete; undefined in a body that isn't an event stream. */
  readonly event?: UntypedEvent;
}

/** Silence, in milliseconds. */
export interface WaitStep {
  readonly wait: number;
}

/**
 * An end other than the last byte: the body stays open, the connection or the stream in it is reset, or the
 * connection is silent.
 */
export interface EndStep {
  readonly end: 'hang' | 'reset' | 'reset-stream' | 'silence';
}

/** An event to be sent, of any type. */
export interface RawEvent {
  readonly type: string;
}

/** Made at the first need: jsdom has none. */
let utf8: TextEncoder | undefined;

export function toUtf8(text: string): Uint8Array {
  utf8 ??= new TextEncoder();
  return utf8.encode(text);
}

export function toTextStep(text: string): BytesStep {
  return { bytes: toUtf8(text) };
}

/** An event as the API sends it. */
export function toEventStep(event: RawEvent): BytesStep {
  const text = encodeEvent({ event: event.type, data: JSON.stringify(event) });
  return { bytes: toUtf8(text), event: event as UntypedEvent };
}

export function isBytes(step: Step): step is BytesStep {
  return 'bytes' in step;
}
