import { DEFAULT_COMMAND } from '../default-command.js';
import type { CompletedCommand, CompletedOption, Offer } from './completed.js';

/** A completion script for fish. */
export function fishCompletion(commands: readonly CompletedCommand[]): string {
  const others = commands.map(({ name }) => name).filter((name) => name !== DEFAULT_COMMAND);
  const lines = commands.flatMap(({ name, summary, options, operands }) => {
    const isIt =
      name === DEFAULT_COMMAND
        ? `not __fish_seen_subcommand_from ${others.join(' ')}`
        : `__fish_seen_subcommand_from ${name}`;
    return [
      `complete -c millrace -n __fish_use_subcommand -a ${name} -d ${quoted(summary)}`,
      ...options.map((option) => optionLine(isIt, option)),
      ...operandLines(isIt, name, operands),
    ];
  });
  return `# fish completion of millrace. In ~/.config/fish/config.fish: millrace completion fish | source
complete -c millrace -f
${lines.join('\n')}
`;
}

function optionLine(isIt: string, { names, help, value }: CompletedOption): string {
  const [long = '', short] = names;
  return [
    `complete -c millrace -n ${quoted(isIt)} -l ${long.slice(2)}`,
    ...(short === undefined ? [] : [`-s ${short.slice(1)}`]),
    ...(value === undefined ? [] : [offered(value)]),
    `-d ${quoted(help)}`,
  ].join(' ');
}

function operandLines(isIt: string, name: string, operands: Offer): string[] {
  if (name === DEFAULT_COMMAND || operands.length === 0) return [];
  const offer =
    operands === 'file' || operands === 'dir' ? '-F' : `-a ${quoted(operands.join(' '))}`;
  return [`complete -c millrace -n ${quoted(isIt)} ${offer}`];
}

function offered(offer: Offer): string {
  if (offer === 'file') return '-r -F';
  if (offer === 'dir') return `-x -a ${quoted('(__fish_complete_directories)')}`;
  return offer.length === 0 ? '-x' : `-x -a ${quoted(offer.join(' '))}`;
}

const quoted = (text: string): string => `'${text.replace(/[\\']/g, '\\$&')}'`;
