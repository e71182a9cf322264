import type { HeldLog } from './log-source.js';
import type { RelaySettings } from './options.js';

/** What an answer needs of its relay. */
export interface HandleContext {
  id: string;
  settings: RelaySettings;
  open: () => Promise<HeldLog>;
  stop: () => Promise<boolean>;
  /** The log of this process is not that of the store any more. */
  forget: () => void;
}
