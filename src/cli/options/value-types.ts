import type { ClientOptions, Timeouts } from '../../index.js';

/** The types of values on a command line, and what they are parsed into. */
export interface ValueTypes {
  text: string;
  file: string;
  dir: string;
  count: number;
  retries: number;
  fraction: number;
  port: number;
  timeout: Timeouts;
  authHeader: NonNullable<ClientOptions['authHeader']>;
}

export type ValueType = keyof ValueTypes;

type Parsers = { readonly [T in ValueType]: (text: string) => ValueTypes[T] };

/** Each throws an Error that says what to give. */
export const PARSERS: Parsers = {
  text: (text) => text,
  file: (text) => text,
  dir: (text) => text,
  count: (text) => parseInteger(text, 1, Number.MAX_SAFE_INTEGER),
  retries: (text) => parseInteger(text, 0, 100),
  port: (text) => parseInteger(text, 0, 65_535),
  fraction: (text) => {
    const number = Number(text);
    if (text.trim() !== '' && number >= 0 && number <= 1) return number;
    throw new Error('give a number from 0 to 1');
  },
  timeout: parseTimeout,
  authHeader: parseAuthHeader,
};

/** What can precede the time of a timeout. */
export const CLOCKS: readonly (keyof Timeouts)[] = ['response', 'idle', 'stall', 'total'];

const UNITS: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 };

/** A time without unit is in seconds. `30s` sets `response` and `idle`, like a number in the client's option; `total=5m` sets one clock. */
function parseTimeout(text: string): Timeouts {
  const [, clock, amount = '', unit = 's'] =
    /^(?:([a-z]+)=)?(\d+(?:\.\d+)?)(ms|s|m|h)?$/.exec(text) ?? [];
  const ms = Number(amount) * (UNITS[unit] ?? 0);
  const isClock = clock === undefined || CLOCKS.includes(clock as keyof Timeouts);
  if (!isClock || !(ms > 0)) {
    throw new Error(
      `give a time such as 30 (seconds), 500ms or 2m, or the time of one clock: ${CLOCKS.join('=30s, ')}=5m`,
    );
  }
  return clock === undefined ? { response: ms, idle: ms } : { [clock]: ms };
}

const AUTH_HEADERS = ['bearer', 'x-api-key', 'both'] as const;

function parseAuthHeader(text: string): ValueTypes['authHeader'] {
  const found = AUTH_HEADERS.find((name) => name === text);
  if (found !== undefined) return found;
  throw new Error(`give one of ${AUTH_HEADERS.join(', ')}`);
}

function parseInteger(text: string, min: number, max: number): number {
  const number = Number(text);
  if (/^\d+$/.test(text) && number >= min && number <= max) return number;
  throw new Error(`give a whole number from ${min} to ${max}`);
}
