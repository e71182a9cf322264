import { expect, it } from 'vitest';
import { GENERATION, NETWORK, PROMPT } from '../../../src/cli/options/options.js';
import { parseOptions } from '../../../src/cli/options/parse-options.js';
import { UsageError } from '../../../src/cli/usage-error.js';

const TABLE = { ...PROMPT, ...GENERATION, ...NETWORK } as const;
const parse = (...argv: string[]) => parseOptions(TABLE, argv);

it('returns defaults, and undefined without a default', () => {
  expect(parse('one', 'two')).toEqual({
    operands: ['one', 'two'],
    given: new Set(),
    values: {
      model: 'claude-opus-4-8',
      system: undefined,
      file: [],
      'max-tokens': 4096,
      temperature: undefined,
      thinking: false,
      'base-url': undefined,
      'auth-header': 'bearer',
      proxy: undefined,
      'no-proxy': false,
      timeout: [],
      'max-retries': 2,
      recover: false,
    },
  });
});

it.each([
  [['-m', 'x'], 'model', 'x'],
  [['--max-tokens=7'], 'max-tokens', 7],
  [['--max-retries', '0'], 'max-retries', 0],
  [['--temperature', '0.5'], 'temperature', 0.5],
  [['--file', 'a', '-f', 'b'], 'file', ['a', 'b']],
  [['--timeout', '30s'], 'timeout', [{ response: 30_000, idle: 30_000 }]],
  [
    ['--timeout', 'idle=1.5s', '--timeout', 'total=5m'],
    'timeout',
    [{ idle: 1500 }, { total: 300_000 }],
  ],
  [['--timeout', 'stall=250ms'], 'timeout', [{ stall: 250 }]],
  [
    ['--timeout', '30', '--timeout', 'total=60'],
    'timeout',
    [{ response: 30_000, idle: 30_000 }, { total: 60_000 }],
  ],
  [['--no-recover'], 'recover', false],
] as const)('reads %j', (argv, name, value) => {
  expect(parse(...argv).values[name]).toEqual(value);
});

it.each([
  [['--colour'], "Unknown option '--colour'"],
  [['--model'], "Option '-m, --model <value>' argument missing"],
  [['--max-tokens', '0'], "--max-tokens is '0': give a whole number from 1 to"],
  [['--max-tokens', '1.5'], "--max-tokens is '1.5': give a whole number"],
  [['--max-retries', 'many'], "--max-retries is 'many': give a whole number from 0 to 100"],
  [['--temperature', '2'], "--temperature is '2': give a number from 0 to 1"],
  [['--temperature', ''], "--temperature is '': give a number"],
  [['--timeout', '30x'], "--timeout is '30x': give a time such as 30 (seconds), 500ms or 2m"],
  [['--timeout', '0s'], "--timeout is '0s': give a time"],
  [
    ['--timeout', 'lunch=30s'],
    'or the time of one clock: response=30s, idle=30s, stall=30s, total=5m',
  ],
] as const)('rejects %j', (argv, said) => {
  expect(() => parse(...argv)).toThrow(UsageError);
  expect(() => parse(...argv)).toThrow(said);
});
