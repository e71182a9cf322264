import type { Observer } from '../observe.js';
import { areSubscribed } from './channels.js';
import { instruments } from './instruments.js';
import type { Sink } from './sink.js';

/** Who wants to know of a call. */
export interface Listeners {
  observe: Observer | undefined;
  /** Those of the client. */
  sinks?: ReadonlySet<Sink> | undefined;
}

/** Whether anything listens. Where nothing does, a call costs this question, and no more. */
export function isHeard({ observe, sinks }: Listeners): boolean {
  return observe !== undefined || instruments(sinks).length > 0 || areSubscribed();
}
