import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { COMMANDS } from '../../src/cli/commands.js';
import { flattenGroups } from '../../src/cli/options/option.js';
import { SETTINGS, toVariable } from '../../src/cli/settings.js';
import {
  createEmulator,
  type Emulator,
  reply,
  type Server,
  serve,
} from '../../src/testing/index.js';
import { type Finished, run } from './command.js';

let emulator: Emulator;
let server: Server;

beforeAll(async () => {
  emulator = createEmulator({ replies: () => reply.text('Yes.') });
  server = await serve(emulator);
});

afterAll(() => server.close());

/** Runs the command with a config file. */
function runWith(
  config: unknown,
  args: string[],
  env: Record<string, string> = {},
): Promise<Finished> {
  const folder = mkdtempSync(join(tmpdir(), 'millrace-config-'));
  mkdirSync(join(folder, 'millrace'));
  const text = typeof config === 'string' ? config : JSON.stringify(config);
  writeFileSync(join(folder, 'millrace', 'config.json'), text);
  const api = { ANTHROPIC_API_KEY: 'key', ANTHROPIC_BASE_URL: server.url };
  return run(args, { ...api, XDG_CONFIG_HOME: folder, ...env });
}

const sent = () => emulator.requests.at(-1)?.body;

it('every setting is an option of a command', () => {
  const names = Object.values(COMMANDS).flatMap(({ options }) =>
    Object.keys(flattenGroups(options)),
  );
  expect(SETTINGS.filter((name) => !names.includes(name))).toEqual([]);
  expect(toVariable('max-tokens')).toBe('MILLRACE_MAX_TOKENS');
});

describe('settings', () => {
  const config = {
    model: 'claude-opus-4-6',
    'max-tokens': 70,
    thinking: true,
    timeout: [30, 'idle=20s'],
    chat: { system: 'Be brief', 'max-tokens': 80 },
  };

  it('come from the config file', async () => {
    expect((await runWith(config, ['hello'])).code).toBe(0);
    expect(sent()).toMatchObject({ model: 'claude-opus-4-6', max_tokens: 70 });
    expect(sent()).toHaveProperty('thinking');
    expect(sent()).not.toHaveProperty('system');
  });

  it('of a command override the others', async () => {
    await runWith(config, ['chat', 'hello']);
    expect(sent()).toMatchObject({ max_tokens: 80, system: 'Be brief' });
  });

  it('of the environment override the file, and the command line both', async () => {
    const env = {
      MILLRACE_MODEL: 'claude-opus-4-5',
      MILLRACE_MAX_TOKENS: '75',
      MILLRACE_THINKING: '0',
    };
    await runWith(config, ['--max-tokens', '76', 'hello'], env);
    expect(sent()).toMatchObject({ model: 'claude-opus-4-5', max_tokens: 76 });
    expect(sent()).not.toHaveProperty('thinking');
  });

  it('are turned off by the command line', async () => {
    await runWith(config, ['--no-thinking', 'hello']);
    expect(sent()).not.toHaveProperty('thinking');
  });

  it.each<[string, unknown, Record<string, string>, string]>([
    ['no JSON', '{', {}, 'config.json: '],
    ['a list', [], {}, 'config.json: give a JSON object such as'],
    ['an unknown name', { modle: 'x' }, {}, "there is no setting 'modle'; did you mean 'model'?"],
    [
      'an unknown name of a command',
      { chat: { file: 'x' } },
      {},
      "config.json: chat: there is no setting 'file'; the settings are model,",
    ],
    [
      'a command that is no object',
      { chat: 1 },
      {},
      'config.json: chat: give an object of settings',
    ],
    [
      'an invalid value',
      { 'max-tokens': 'x' },
      {},
      "config.json: max-tokens is 'x': give a whole number",
    ],
    [
      'a flag that is none',
      { thinking: 'yes' },
      {},
      "config.json: thinking is 'yes': give true or false",
    ],
    [
      'an invalid variable',
      {},
      { MILLRACE_MAX_TOKENS: 'x' },
      "MILLRACE_MAX_TOKENS is 'x': give a whole number",
    ],
  ])('with %s end with a message', async (_, invalid, env, said) => {
    const { code, stderr } = await runWith(invalid, ['hello'], env);
    expect(code).toBe(2);
    expect(stderr).toContain(said);
    expect((await runWith(invalid, ['--help'], env)).code).toBe(0);
  });
});
