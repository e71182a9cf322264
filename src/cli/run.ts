import { readFile } from 'node:fs/promises';
import { AnthropicError } from '../index.js';
import { type Command, DEFAULT_COMMAND } from './command.js';
import { COMMANDS } from './commands.js';
import { DONE, FAILED, getExitCode, USAGE } from './exit-codes.js';
import { guessName } from './guess-name.js';
import { toHelpText } from './help.js';
import { flattenGroups } from './options/option.js';
import { parseOptions } from './options/parse-options.js';
import { readSettings } from './settings.js';
import { type Terminal, toTerminal } from './terminal.js';
import { UsageError } from './usage-error.js';

/** The command as a process. Resolves with the exit code. */
export async function main(process: NodeJS.Process): Promise<number> {
  const terminal = toTerminal(process);
  // Node would print the message as it is, and a server can have written parts of it.
  process.on('uncaughtException', (error) => process.exit(reportBug(error, terminal)));
  return run(process.argv.slice(2), terminal);
}

/** Runs the command. Resolves with the exit code. */
export async function run(argv: readonly string[], terminal: Terminal): Promise<number> {
  const [word = '', ...rest] = argv;
  const isNamed = Object.hasOwn(COMMANDS, word);
  const name = isNamed ? word : DEFAULT_COMMAND;
  const command = COMMANDS[name] as Command;
  const table = flattenGroups(command.options);
  const own = isNamed ? rest : argv;
  try {
    if (!isNamed) checkCommand(word, argv);
    const { help, version } = parseOptions(table, own).values;
    if (help) {
      return print(toHelpText(command, name === DEFAULT_COMMAND ? COMMANDS : undefined), terminal);
    }
    if (version) return print(`${await readVersion()}\n`, terminal);
    const settings = await readSettings(name, table, Object.keys(COMMANDS), terminal);
    return await command.run(parseOptions(table, own, settings), terminal);
  } catch (error) {
    return reportFailure(error, isNamed ? `millrace ${name}` : 'millrace', terminal);
  }
}

/** More words than these are a prompt. */
const MAX_MISTYPED = 2;

/**
 * A prompt that looks like a mistyped command isn't sent: it would cost something.
 * @throws UsageError
 */
function checkCommand(word: string, argv: readonly string[]): void {
  const words = argv.filter((one) => !one.startsWith('-'));
  const isCommand = /^[a-z]+$/.test(word) && words.length <= MAX_MISTYPED;
  const guess = isCommand ? guessName(word, Object.keys(COMMANDS)) : undefined;
  if (guess === undefined || guess[0] !== word[0]) return;
  throw new UsageError(
    `there is no command '${word}'; did you mean '${guess}'? To send it as a prompt, write millrace stream ${word}`,
  );
}

async function readVersion(): Promise<string> {
  // A package can resolve its own name, wherever its files are.
  const file = new URL(import.meta.resolve('millrace/package.json'));
  return JSON.parse(await readFile(file, 'utf8')).version;
}

function print(text: string, { stdout }: Terminal): number {
  stdout.print(text);
  return DONE;
}

function reportFailure(error: unknown, command: string, terminal: Terminal): number {
  const { stderr } = terminal;
  if (error instanceof UsageError) {
    stderr.printLine(`millrace: ${error.message}`);
    stderr.printLine(`Run ${command} --help for usage.`);
    return USAGE;
  }
  if (!(error instanceof AnthropicError)) return reportBug(error, terminal);
  stderr.printLine(`millrace: ${error.name}: ${error.message}`);
  return getExitCode(error);
}

/** Reports an error that the command didn't expect. @returns the exit code. */
function reportBug(error: unknown, { stderr }: Terminal): number {
  const report = error instanceof Error ? (error.stack ?? error.message) : String(error);
  stderr.print(`millrace: this is a bug: ${report}\n`);
  return FAILED;
}
