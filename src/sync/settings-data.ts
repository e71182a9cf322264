import { defaultTransport } from '#transport';
import type { Observer } from '../observe.js';
import type { Clock } from '../transport/clock.js';
import type { Settings } from '../transport/settings.js';

/** The settings of a client as plain data: what the environment said is settled already. */
export interface SettingsData
  extends Pick<Settings, 'baseURL' | 'headers' | 'timeouts' | 'maxRetries' | 'maxEventBytes'> {
  authorization: string | undefined;
  /** Whether anybody wants to be told of requests, responses and retries. */
  isObserved: boolean;
}

/** @param settings with a key that is no function. */
export function settingsData(settings: Settings): SettingsData {
  const { baseURL, headers, timeouts, maxRetries, maxEventBytes } = settings;
  return {
    baseURL,
    headers,
    timeouts,
    maxRetries,
    maxEventBytes,
    authorization: settings.authorization() as string | undefined,
    isObserved: settings.observe !== undefined,
  };
}

export function settingsOf(data: SettingsData, observe: Observer, clock: Clock): Settings {
  const { authorization, isObserved, ...same } = data;
  return {
    ...same,
    authorization: () => authorization,
    transport: defaultTransport(),
    clock,
    observe: isObserved ? observe : undefined,
  };
}
