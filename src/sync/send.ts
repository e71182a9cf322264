import type { AnthropicError } from '../errors.js';
import type { Observer } from '../observe.js';
import { openSource, type StreamOptions } from '../stream/open-source.js';
import type { Clock } from '../transport/clock.js';
import { sendJson } from '../transport/send-json.js';
import type { Call, Settings } from '../transport/settings.js';
import { DemandClock } from './demand-clock.js';
import { errorData } from './error-data.js';
import { Outflow } from './outflow.js';
import type { Send, Told } from './protocol.js';
import { remembering } from './remembering.js';
import { type SettingsData, settingsOf } from './settings-data.js';
import { tellingOwner } from './steps.js';

/** A request that is under way. */
export interface Sending {
  read(batches: number): void;
  close(reason: AnthropicError): void;
}

/** What every request of a worker is sent with. */
export interface Equipment {
  settings: SettingsData;
  observe: Observer;
  clock: Clock;
}

type Tell = (told: Omit<Told, 'id'>) => void;

/** Sends a request, with the machinery of `Anthropic`, and tells of its answer. */
export function send(
  { kind, call, options }: Send,
  { settings, observe, clock }: Equipment,
  tell: Tell,
): Sending {
  if (kind === 'json')
    return sendForJson(settingsOf(settings, observe, clock), call, options, tell);
  const demand = new DemandClock(clock);
  const own = settingsOf(settings, observe, demand);
  return new Outflow(
    (step) =>
      options.recover
        ? remembering((owner) => openSource(own, call, options, owner), step)
        : openSource(own, call, options, tellingOwner(step)),
    demand,
    tell,
  );
}

function sendForJson(settings: Settings, call: Call, options: StreamOptions, tell: Tell): Sending {
  const abort = new AbortController();
  sendJson(settings, call, { ...options, signal: abort.signal }).then(
    ({ data }) => tell({ data, end: true }),
    (error) => tell({ error: errorData(error) }),
  );
  return { read: () => {}, close: (reason) => abort.abort(reason) };
}
