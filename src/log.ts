import { isRecord } from './json/is-record.js';
import type { Observation, Observer } from './observe.js';
import { toPrintable } from './printable.js';

const WARNINGS = ['warning', 'retry', 'recover', 'restart'] as const;

const LEVELS: Readonly<Record<string, readonly Observation['type'][]>> = {
  warn: WARNINGS,
  info: [...WARNINGS, 'response', 'end'],
  debug: [...WARNINGS, 'response', 'end', 'request', 'firstContent'],
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
  const known = Object.entries(fields).filter(([, value]) => value !== undefined);
  const values = known.map(([name, value]) => `${name}=${textOf(value)}`);
  return [type, ...values].join(' ');
}

/** Usage is an object. */
function textOf(value: unknown): string {
  return isRecord(value) && !(value instanceof Error) ? JSON.stringify(value) : String(value);
}
