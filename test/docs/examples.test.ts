import { readdirSync, readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createEmulator, type Emulator, type Server, serve } from '../../src/testing/index.js';
import { answerTo } from './answers.js';
import { compile, execute } from './snippets.js';

const folder = new URL('../../examples/', import.meta.url);
const names = readdirSync(folder)
  .filter((file) => file.endsWith('.ts'))
  .map((file) => file.replace('.ts', ''));

/** What each example must print. */
const PRINTS: Readonly<Record<string, readonly RegExp[]>> = {
  'tool-loop': [
    /^Let me see\.\n\[get_weather \{"location":"San Francisco"\}\]\nOnce upon a time\.\n4 turns\n$/,
  ],
  'tool-runner': [
    /Let me see\.\n\[get_weather \{"location":"San Francisco"\}\]\n/,
    /\[… asking the weather station of San Francisco\]\n\[→ 18 °C and sunny in San Francisco\]\n/,
    /Once upon a time\.\n4 turns, \d+ tokens\n$/,
  ],
  'structured-output': [
    /\[a step: San Francisco\][\s\S]*\[a step: San Francisco\]/,
    /\rSan Francisco \(2 steps\)/,
    /\nSan Francisco: 18 minutes, 2 steps\n$/,
  ],
  sync: [/^Once upon a time\.\n\d+ tokens\n$/],
};

describe('the examples', () => {
  let server: Server;
  let emulator: Emulator;
  let compiled: string;

  beforeAll(async () => {
    emulator = createEmulator({ replies: answerTo });
    server = await serve(emulator);
    const code = (name: string): string => readFileSync(new URL(`${name}.ts`, folder), 'utf8');
    compiled = await compile(
      names.map((name) => ({ name, code: code(name) })),
      'examples',
    );
  });

  afterAll(() => server.close());

  it('are all in the table of what they print, and in the list', () => {
    expect(Object.keys(PRINTS)).toEqual(expect.arrayContaining(names));
    const list = readFileSync(new URL('README.md', folder), 'utf8');
    expect(names.filter((name) => !list.includes(`(${name}.ts)`))).toEqual([]);
  });

  it.each(names)('%s compiles, runs against a server and prints', async (name) => {
    const { stdout, stderr } = await execute(`${compiled}${name}.js`, {
      ANTHROPIC_API_KEY: 'test',
      ANTHROPIC_BASE_URL: server.url,
    });
    expect(stderr).toBe('');
    for (const expected of PRINTS[name] ?? []) expect(stdout).toMatch(expected);
  });
});
