import type { HeldLog } from './log-source.js';
import type { FollowOptions, RelaySettings } from './options.js';

/** What an answer needs of its relay. */
export interface HandleContext {
  id: string;
  settings: RelaySettings;
  client: FollowOptions['client'];
  open: () => Promise<HeldLog>;
  stop: () => Promise<boolean>;
  /** The log of this process is not that of the store any more. */
  forget: () => void;
}
