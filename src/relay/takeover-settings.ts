import type { HeldStream } from './held-stream.js';
import type { RelaySettings } from './options.js';
import type { ParamsStore } from './params-store.js';
import type { Turn } from './producer.js';

/** What a takeover needs of its relay. */
export interface TakeoverSettings extends RelaySettings {
  params: ParamsStore;
  /** Whether this process hands its streams over, and takes none. */
  isDraining: () => boolean;
  /** This process produces the stream from now on. */
  produce: (held: HeldStream, turn: Turn) => void;
}
