import { defaultTransport } from '#transport';
import type { Reporter } from '../observe.js';
import type { Clock } from '../transport/clock.js';
import type { Credentials, ResolvedOptions } from '../transport/options.js';
import type { ResponseHead } from '../transport/port.js';

/** Status and headers of a response, as plain data. */
export interface HeadData {
  status: number;
  statusText: string;
  fields: [name: string, value: string][];
}

export function toHeadData(head: ResponseHead): HeadData {
  const { status, statusText } = head;
  return { status, statusText, fields: head.fields() };
}

export function fromHeadData({ status, statusText, fields }: HeadData): ResponseHead {
  return {
    status,
    statusText,
    header: (name) => {
      const values = fields.filter(([field]) => field.toLowerCase() === name.toLowerCase());
      return values.length === 0 ? null : values.map(([, value]) => value).join(', ');
    },
    headers: () => new Headers(fields),
    fields: () => [...fields],
  };
}

/** The settings of a client as plain data: the environment is resolved already. */
export interface SettingsData
  extends Pick<
    ResolvedOptions,
    | 'baseURL'
    | 'headers'
    | 'query'
    | 'proxy'
    | 'connections'
    | 'timeouts'
    | 'maxRetries'
    | 'maxEventBytes'
    | 'maxMessageBytes'
  > {
  credentials: Credentials;
}

/** @param settings with a key that is not a function. */
export function toSettingsData(settings: ResolvedOptions): SettingsData {
  const { baseURL, headers, query, proxy, connections, timeouts } = settings;
  const { maxRetries, maxEventBytes, maxMessageBytes } = settings;
  return {
    baseURL,
    headers,
    query,
    proxy,
    connections,
    timeouts,
    maxRetries,
    maxEventBytes,
    maxMessageBytes,
    credentials: settings.credentials as Credentials,
  };
}

export function fromSettingsData(
  data: SettingsData,
  report: Reporter | undefined,
  clock: Clock,
): ResolvedOptions {
  const { credentials, ...same } = data;
  return {
    ...same,
    credentials,
    transport: defaultTransport(data.connections, data.proxy),
    clock,
    observe: undefined,
    report,
  };
}
