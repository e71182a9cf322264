import type { Observation, Observer } from './observe.js';

const LEVELS: Readonly<Record<string, ReadonlySet<Observation['type']>>> = {
  error: new Set(),
  warn: new Set(['retry']),
  info: new Set(['retry', 'response']),
  debug: new Set(['request', 'response', 'retry']),
};

/** The observer for a level of `ANTHROPIC_LOG`: one line on stderr for each observation. */
export function logObserver(level: string | undefined): Observer | undefined {
  const shown = level === undefined ? undefined : LEVELS[level.toLowerCase()];
  if (shown === undefined || shown.size === 0) return undefined;
  return (observation) => {
    // biome-ignore lint/suspicious/noConsole: the only log, and only on request.
    if (shown.has(observation.type)) console.error(`millrace: ${line(observation)}`);
  };
}

function line(observation: Observation): string {
  const { type, ...fields } = observation;
  const values = Object.entries(fields).map(([name, value]) => `${name}=${String(value)}`);
  return [type, ...values].join(' ');
}
