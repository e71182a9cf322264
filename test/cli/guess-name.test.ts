import { expect, it } from 'vitest';
import { COMMANDS } from '../../src/cli/commands.js';
import { guessName } from '../../src/cli/guess-name.js';
import { run } from './command.js';

it.each([
  ['strem', 'stream'],
  ['sevre', 'serve'],
  ['toknes', 'tokens'],
  ['complteion', 'completion'],
  ['reply', 'replay'],
  ['what', undefined],
  ['hello', undefined],
  ['translate', undefined],
])('guesses that %s means %s', (written, meant) => {
  const guess = guessName(written, Object.keys(COMMANDS));
  expect(guess !== undefined && guess[0] === written[0] ? guess : undefined).toBe(meant);
});

it.each([
  [
    ['strem', 'hi'],
    "there is no command 'strem'; did you mean 'stream'? To send it as a prompt, write millrace stream strem",
  ],
  [['--modle', 'x', 'hi'], "Unknown option '--modle'; did you mean --model?"],
  [['serve', '--prot', '1'], "Unknown option '--prot'; did you mean --port?"],
  [['help', 'chta'], "there is no command 'chta'; did you mean 'chat'?"],
  [['help', 'nothing'], "there is no command 'nothing'; millrace help lists them"],
])('sends nothing for %j', async (args, said) => {
  const { code, stdout, stderr } = await run(args);
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  expect(stderr).toContain(said);
});

it.each([[['server', 'error', '500?']], [['what', 'is', '2+2?']], [['stream', 'strem']]])(
  'sends %j as a prompt',
  async (args) => {
    expect((await run(args)).code).toBe(0);
  },
);

it('shows the help of a command', async () => {
  expect((await run(['help'])).stdout).toBe((await run(['--help'])).stdout);
  expect((await run(['help', 'chat'])).stdout).toBe((await run(['chat', '--help'])).stdout);
});
