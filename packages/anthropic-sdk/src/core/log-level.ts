import type { Logger, LogLevel } from '../options.js';
import { env } from './env.js';

/** From silent to everything. */
export const LEVELS: readonly LogLevel[] = ['off', 'error', 'warn', 'info', 'debug'];

/** The level of the option, else of ANTHROPIC_LOG, else `warn`. What is no level is reported, and is none. */
export function logLevel(option: string | undefined, logger: Logger): LogLevel {
  const sources = [
    ['ClientOptions.logLevel', option],
    ["process.env['ANTHROPIC_LOG']", env('ANTHROPIC_LOG')],
  ] as const;
  for (const [source, name] of sources) {
    if (!name) continue;
    const level = LEVELS.find((each) => each === name);
    if (level !== undefined) return level;
    const expected = `expected one of ${JSON.stringify(LEVELS)}`;
    logger.warn(`${source} was set to ${JSON.stringify(name)}, ${expected}`);
  }
  return 'warn';
}
