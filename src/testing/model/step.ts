import type { UntypedEvent } from '../../message/untyped.js';

/** What happens on the way of a response, one after the other. After an `end` nothing does. */
export type Step = Sent | Wait | End;

/** Some bytes of the body. */
export interface Sent {
  readonly bytes: Uint8Array;
  /** The event that these bytes complete; none in a body that is no stream. */
  readonly event?: UntypedEvent;
}

/** Nothing, for some milliseconds. */
export interface Wait {
  readonly wait: number;
}

/** How a body ends otherwise than by its last byte: it stays open, or its connection is reset. */
export interface End {
  readonly end: 'hang' | 'reset';
}

const utf8 = new TextEncoder();

export function sent(text: string, event?: UntypedEvent): Sent {
  return { bytes: utf8.encode(text), ...(event && { event }) };
}

export function isSent(step: Step): step is Sent {
  return 'bytes' in step;
}
