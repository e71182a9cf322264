import { readFile } from 'node:fs/promises';
import { AnthropicError } from '../index.js';
import type { Command } from './command.js';
import { COMMANDS } from './commands.js';
import { DEFAULT_COMMAND } from './default-command.js';
import { DONE, exitCodeOf, USAGE } from './exit-codes.js';
import { helpText } from './help.js';
import { ungrouped } from './options/option.js';
import { parseOptions } from './options/parse-options.js';
import type { Terminal } from './terminal.js';
import { UsageError } from './usage-error.js';

/** The command. Resolves with the exit code. */
export async function run(argv: readonly string[], terminal: Terminal): Promise<number> {
  const [word = '', ...rest] = argv;
  const isNamed = Object.hasOwn(COMMANDS, word);
  const name = isNamed ? word : DEFAULT_COMMAND;
  const command = COMMANDS[name] as Command;
  try {
    const parsed = parseOptions(ungrouped(command.options), isNamed ? rest : argv);
    const { help, version } = parsed.values;
    if (help)
      return say(helpText(command, name === DEFAULT_COMMAND ? COMMANDS : undefined), terminal);
    if (version) return say(`${await readVersion()}\n`, terminal);
    return await command.run(parsed, terminal);
  } catch (error) {
    return fail(error, isNamed ? `millrace ${name}` : 'millrace', terminal);
  }
}

async function readVersion(): Promise<string> {
  // A package can resolve its own name, wherever its files are.
  const file = new URL(import.meta.resolve('millrace/package.json'));
  return JSON.parse(await readFile(file, 'utf8')).version;
}

function say(text: string, { stdout }: Terminal): number {
  stdout.write(text);
  return DONE;
}

function fail(error: unknown, called: string, { stderr }: Terminal): number {
  if (error instanceof UsageError) {
    stderr.write(`millrace: ${error.message}\n${called} --help shows how to call it.\n`);
    return USAGE;
  }
  if (!(error instanceof AnthropicError)) throw error;
  stderr.write(`millrace: ${error.name}: ${error.message}\n`);
  return exitCodeOf(error);
}
