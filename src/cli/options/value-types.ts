import type { Timeouts } from '../../index.js';

/** The types of values on a command line, and what each becomes. */
export interface ValueTypes {
  text: string;
  file: string;
  dir: string;
  count: number;
  retries: number;
  share: number;
  port: number;
  timeout: Timeouts;
}

export type ValueType = keyof ValueTypes;

type Parsers = { readonly [T in ValueType]: (written: string) => ValueTypes[T] };

/** Each throws an Error that says what to give. */
export const PARSERS: Parsers = {
  text: (written) => written,
  file: (written) => written,
  dir: (written) => written,
  count: (written) => whole(written, 1, Number.MAX_SAFE_INTEGER),
  retries: (written) => whole(written, 0, 100),
  port: (written) => whole(written, 0, 65_535),
  share: (written) => {
    const number = Number(written);
    if (written.trim() !== '' && number >= 0 && number <= 1) return number;
    throw new Error('give a number from 0 to 1');
  },
  timeout: parseTimeout,
};

/** What may be written before the time of a timeout. */
export const CLOCKS: readonly (keyof Timeouts)[] = ['response', 'idle', 'stall', 'total'];

const UNITS: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 };

/** `30s` is meant for `response` and `idle`, as in the client's own option; `total=5m` for one clock. */
function parseTimeout(written: string): Timeouts {
  const [, clock, amount = '', unit = ''] =
    /^(?:([a-z]+)=)?(\d+(?:\.\d+)?)(ms|s|m|h)$/.exec(written) ?? [];
  const ms = Number(amount) * (UNITS[unit] ?? 0);
  const isClock = clock === undefined || CLOCKS.includes(clock as keyof Timeouts);
  if (!isClock || !(ms > 0)) {
    throw new Error(
      `give a time such as 30s or 500ms, or one clock's: ${CLOCKS.join('=30s, ')}=5m`,
    );
  }
  return clock === undefined ? { response: ms, idle: ms } : { [clock]: ms };
}

function whole(written: string, least: number, most: number): number {
  const number = Number(written);
  if (/^\d+$/.test(written) && number >= least && number <= most) return number;
  throw new Error(`give a whole number from ${least} to ${most}`);
}
