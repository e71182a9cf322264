import { expect, it } from 'vitest';
import { COMMANDS } from '../../src/cli/commands.js';
import { EXIT_CODES } from '../../src/cli/exit-codes.js';
import { toHelpText } from '../../src/cli/help.js';
import { flattenGroups } from '../../src/cli/options/option.js';
import { run } from './command.js';

const named = Object.entries(COMMANDS);

it.each(named)('%s --help has all of its options, and examples', async (name, command) => {
  const { code, stdout, stderr } = await run([name, '--help']);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expect(stdout).toContain(`Usage: millrace ${command.usage}\n`);
  for (const option of Object.keys(flattenGroups(command.options))) {
    expect(stdout).toMatch(new RegExp(`^ {2}.*--${option}\\b`, 'm'));
  }
  for (const example of command.examples) expect(stdout).toContain(example);
});

it('without a command lists the commands and the exit codes', async () => {
  const { stdout } = await run(['-h']);
  expect(stdout).toBe((await run(['stream', '-h'])).stdout);
  for (const [name, { summary }] of named) {
    expect(stdout).toMatch(new RegExp(`^ {2}${name} +${summary}$`, 'm'));
  }
  for (const { code, when } of EXIT_CODES) {
    expect(stdout).toMatch(new RegExp(`^ {2}${code} +${when}`, 'm'));
  }
});

it('is at most 100 characters wide, except the examples', () => {
  const lines = named.flatMap(([, command]) =>
    (toHelpText(command, COMMANDS).split('\nExamples:')[0] ?? '').split('\n'),
  );
  expect(lines.filter((line) => line.length > 100)).toEqual([]);
});
