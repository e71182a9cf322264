import type { Command } from './command.js';
import { EXIT_CODES } from './exit-codes.js';
import type { Option, OptionTable } from './options/option.js';
import { CONFIG_FILE, SETTINGS, toVariable } from './settings.js';

const WIDTH = 100;

/** The help of one command. @param commands to list, in the help of the default command. */
export function toHelpText(command: Command, commands?: Readonly<Record<string, Command>>): string {
  const options = Object.entries(command.options).map(([title, table]) =>
    toSection(title, formatRows(toOptionRows(table))),
  );
  const parts = [
    `Usage: millrace ${command.usage}`,
    command.about,
    ...(commands === undefined ? [] : [toSection('Commands', formatRows(toCommandRows(commands)))]),
    ...options,
    ...(commands === undefined ? [] : [toSection('Settings', formatRows(toSettingRows()))]),
    ...(commands === undefined ? [] : [toSection('Exit codes', formatRows(toExitRows()))]),
    toSection(
      'Examples',
      command.examples.map((example) => `  ${example}`),
    ),
  ];
  return `${parts.join('\n\n')}\n`;
}

type Row = readonly [left: string, right: string];

function toExitRows(): Row[] {
  return EXIT_CODES.map(({ code, when, errors = [] }) => {
    const names = errors.map(({ name }) => name).join(', ');
    return [String(code), names === '' ? when : `${when}: ${names}`];
  });
}

function toSettingRows(): Row[] {
  return [
    ['environment', `MILLRACE_ and the option, such as ${toVariable('max-tokens')}=8192`],
    [
      'config file',
      `~/.config/millrace/${CONFIG_FILE}, such as {"model": "…", "chat": {"system": "…"}}`,
    ],
    ['options', SETTINGS.join(', ')],
  ];
}

function toSection(title: string, lines: readonly string[]): string {
  return [`${title}:`, ...lines].join('\n');
}

function toOptionRows(table: OptionTable): Row[] {
  return Object.entries(table).map(toOptionRow);
}

function toCommandRows(commands: Readonly<Record<string, Command>>): Row[] {
  const listed: Row[] = Object.entries(commands).map(([name, { summary }]) => [name, summary]);
  return [...listed, ['', 'Run millrace COMMAND --help for details.']];
}

function toOptionRow([name, option]: readonly [string, Option]): Row {
  const { short, value, help, default: defaultValue } = option;
  const left = `${short === undefined ? '    ' : `-${short}, `}--${name}`;
  return [
    value === undefined ? left : `${left} ${value}`,
    defaultValue === undefined ? help : `${help} (default: ${defaultValue})`,
  ];
}

/** Two columns, the right one wrapped. */
function formatRows(all: readonly Row[]): string[] {
  const column = Math.max(...all.map(([left]) => left.length)) + 4;
  return all.flatMap(([left, right]) =>
    wrap(right, WIDTH - column).map((line, at) =>
      `${(at === 0 ? `  ${left}` : '').padEnd(column)}${line}`.trimEnd(),
    ),
  );
}

function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const longer = lines.length === 0 ? word : `${lines.at(-1)} ${word}`;
    if (longer.length <= width || lines.length === 0) lines.splice(-1, 1, longer);
    else lines.push(word);
  }
  return lines;
}
