import type { Command } from './command.js';
import { EXIT_CODES } from './exit-codes.js';
import type { Option, OptionTable } from './options/option.js';

const WIDTH = 100;

/** The help of one command. @param commands are listed, where it is the one that needs no name. */
export function helpText(command: Command, commands?: Readonly<Record<string, Command>>): string {
  const options = Object.entries(command.options).map(([title, table]) =>
    section(title, rows(optionRows(table))),
  );
  const parts = [
    `Usage: millrace ${command.usage}`,
    command.about,
    ...(commands === undefined ? [] : [section('Commands', rows(commandRows(commands)))]),
    ...options,
    ...(commands === undefined ? [] : [section('Exit codes', rows(exitRows()))]),
    section(
      'Examples',
      command.examples.map((example) => `  ${example}`),
    ),
  ];
  return `${parts.join('\n\n')}\n`;
}

/** What the options of a table are called, and what they do. */
export function optionRows(table: OptionTable): Row[] {
  return Object.entries(table).map(optionRow);
}

export type Row = readonly [left: string, right: string];

/** Codes with when they come and the errors that they stand for. */
export function exitRows(): Row[] {
  return EXIT_CODES.map(({ code, when, errors = [] }) => {
    const names = errors.map(({ name }) => name).join(', ');
    return [String(code), names === '' ? when : `${when}: ${names}`];
  });
}

function section(title: string, lines: readonly string[]): string {
  return [`${title}:`, ...lines].join('\n');
}

function commandRows(commands: Readonly<Record<string, Command>>): Row[] {
  const listed: Row[] = Object.entries(commands).map(([name, { summary }]) => [name, summary]);
  return [...listed, ['', 'millrace COMMAND --help tells more of one']];
}

function optionRow([name, option]: readonly [string, Option]): Row {
  const { short, value, help, default: otherwise } = option;
  const left = `${short === undefined ? '    ' : `-${short}, `}--${name}`;
  return [
    value === undefined ? left : `${left} ${value}`,
    otherwise === undefined ? help : `${help} (default: ${otherwise})`,
  ];
}

/** In two columns, the right one wrapped. */
function rows(all: readonly Row[]): string[] {
  const column = Math.max(...all.map(([left]) => left.length)) + 4;
  return all.flatMap(([left, right]) =>
    wrapped(right, WIDTH - column).map((line, at) =>
      `${(at === 0 ? `  ${left}` : '').padEnd(column)}${line}`.trimEnd(),
    ),
  );
}

function wrapped(text: string, width: number): string[] {
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const longer = lines.length === 0 ? word : `${lines.at(-1)} ${word}`;
    if (longer.length <= width || lines.length === 0) lines.splice(-1, 1, longer);
    else lines.push(word);
  }
  return lines;
}
