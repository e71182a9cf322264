import { DEFAULT_COMMAND } from '../command.js';
import type { CommandDescription, OptionDescription, Suggestions } from './describe-commands.js';

/** A completion script for fish. */
export function toFishScript(commands: readonly CommandDescription[]): string {
  const others = commands.map(({ name }) => name).filter((name) => name !== DEFAULT_COMMAND);
  const lines = commands.flatMap(({ name, summary, options, operands }) => {
    const condition =
      name === DEFAULT_COMMAND
        ? `not __fish_seen_subcommand_from ${others.join(' ')}`
        : `__fish_seen_subcommand_from ${name}`;
    return [
      `complete -c millrace -n __fish_use_subcommand -a ${name} -d ${quote(summary)}`,
      ...options.map((option) => toOptionLine(condition, option)),
      ...toOperandLines(condition, name, operands),
    ];
  });
  return `# fish completion of millrace. In ~/.config/fish/config.fish: millrace completion fish | source
complete -c millrace -f
${lines.join('\n')}
`;
}

function toOptionLine(condition: string, { names, help, value }: OptionDescription): string {
  const [long = '', short] = names;
  return [
    `complete -c millrace -n ${quote(condition)} -l ${long.slice(2)}`,
    ...(short === undefined ? [] : [`-s ${short.slice(1)}`]),
    ...(value === undefined ? [] : [toValueArguments(value)]),
    `-d ${quote(help)}`,
  ].join(' ');
}

function toOperandLines(condition: string, name: string, operands: Suggestions): string[] {
  if (name === DEFAULT_COMMAND || operands.length === 0) return [];
  const suggestions =
    operands === 'file' || operands === 'dir' ? '-F' : `-a ${quote(operands.join(' '))}`;
  return [`complete -c millrace -n ${quote(condition)} ${suggestions}`];
}

function toValueArguments(suggestions: Suggestions): string {
  if (suggestions === 'file') return '-r -F';
  if (suggestions === 'dir') return `-x -a ${quote('(__fish_complete_directories)')}`;
  return suggestions.length === 0 ? '-x' : `-x -a ${quote(suggestions.join(' '))}`;
}

const quote = (text: string): string => `'${text.replace(/[\\']/g, '\\$&')}'`;
