import type { Observation, Observer } from './observe.js';
import { toPrintable } from './printable.js';

const LEVELS: Readonly<Record<string, readonly Observation['type'][]>> = {
  warn: ['warning', 'retry'],
  info: ['warning', 'retry', 'response'],
  debug: ['warning', 'retry', 'response', 'request'],
};

/** The observer for a level of `ANTHROPIC_LOG`: one line on stderr for each observation. */
export function logObserver(level: string | undefined): Observer | undefined {
  return level === undefined ? undefined : observers.get(level.toLowerCase());
}

/** One a level: what an observer is warned of once is not repeated for each client. */
const observers: ReadonlyMap<string, Observer> = new Map(
  Object.entries(LEVELS).map(([level, shown]) => [
    level,
    (observation) => {
      // A server wrote the error messages and request ids in it.
      const line = toPrintable(toLine(observation)).replaceAll('\n', ' ');
      // biome-ignore lint/suspicious/noConsole: the only log, and only on request.
      if (shown.includes(observation.type)) console.error(`millrace: ${line}`);
    },
  ]),
);

function toLine(observation: Observation): string {
  const { type, ...fields } = observation;
  const values = Object.entries(fields).map(([name, value]) => `${name}=${String(value)}`);
  return [type, ...values].join(' ');
}
