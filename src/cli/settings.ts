import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { getConfigFolder } from './folders.js';
import { guessName } from './guess-name.js';
import type { OptionTable } from './options/option.js';
import type { Setting, Settings } from './options/parse-options.js';
import { readEnv, type Terminal } from './terminal.js';
import { UsageError } from './usage-error.js';

/** The options whose defaults a user can set, by their names. */
export const SETTINGS: readonly string[] = [
  'model',
  'system',
  'max-tokens',
  'temperature',
  'thinking',
  'smooth',
  'usage',
  'no-history',
  'base-url',
  'auth-header',
  'proxy',
  'no-proxy',
  'timeout',
  'max-retries',
  'recover',
  'upstream',
  'port',
  'host',
  'redis',
  'dir',
  'secret',
  'stop-when-alone',
];

/** The variable that sets an option. */
export const toVariable = (name: string): string =>
  `MILLRACE_${name.toUpperCase().replaceAll('-', '_')}`;

export const CONFIG_FILE = 'config.json';

/**
 * What the environment and the config file set for a command. The environment overrides the file; in the file the
 * command's own section overrides the rest.
 * @param commands the names of all commands: each can have a section.
 * @throws UsageError (rejects) if the file is invalid.
 */
export async function readSettings(
  command: string,
  table: OptionTable,
  commands: readonly string[],
  terminal: Terminal,
): Promise<Settings> {
  const file = join(getConfigFolder(terminal), CONFIG_FILE);
  const config = await readConfig(file, commands);
  const section = config[command] as Config | undefined;
  const settings: Record<string, Setting> = {};
  for (const name of SETTINGS.filter((one) => Object.hasOwn(table, one))) {
    const variable = readEnv(terminal, toVariable(name));
    const value = section?.[name] ?? config[name];
    if (variable !== undefined) settings[name] = { value: variable, source: toVariable(name) };
    else if (value !== undefined) settings[name] = { value, source: `${file}: ${name}` };
  }
  return settings;
}

type Config = Readonly<Record<string, unknown>>;

async function readConfig(file: string, commands: readonly string[]): Promise<Config> {
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return '{}';
    throw new UsageError(`${file}: ${error.message}`);
  });
  const config = parseObject(text, file);
  checkNames(config, [...SETTINGS, ...commands], file);
  for (const command of commands) {
    const section = config[command];
    if (section === undefined) continue;
    if (!isObject(section)) throw new UsageError(`${file}: ${command}: give an object of settings`);
    checkNames(section, SETTINGS, `${file}: ${command}`);
  }
  return config;
}

function parseObject(text: string, file: string): Config {
  try {
    const value: unknown = JSON.parse(text);
    if (isObject(value)) return value;
  } catch (error) {
    throw new UsageError(`${file}: ${(error as Error).message}`);
  }
  throw new UsageError(`${file}: give a JSON object such as {"model": "claude-opus-4-8"}`);
}

const isObject = (value: unknown): value is Config =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function checkNames(config: Config, names: readonly string[], place: string): void {
  const unknown = Object.keys(config).find((name) => !names.includes(name));
  if (unknown === undefined) return;
  const guess = guessName(unknown, names);
  const hint = guess ? `did you mean '${guess}'?` : `the settings are ${SETTINGS.join(', ')}`;
  throw new UsageError(`${place}: there is no setting '${unknown}'; ${hint}`);
}
