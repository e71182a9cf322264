import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createEmulator, reply, type Server, serve } from '../../src/testing/index.js';
import { compile, execute, snippetsOf } from './snippets.js';

const snippets = snippetsOf('README.md');

describe('the snippets of the README', () => {
  let server: Server;
  let folder: string;

  beforeAll(async () => {
    const emulator = createEmulator({
      replies: () =>
        reply.sequence(
          reply.text('Once upon a time.'),
          reply.toolUse('get_weather', { location: 'SF' }),
        ),
    });
    server = await serve(emulator);
    folder = await compile(snippets, 'readme');
  });

  afterAll(() => server.close());

  it('are there', () => {
    expect(snippets.length).toBeGreaterThan(4);
  });

  it.each(snippets.map(({ name }) => name))('%s compiles, runs and prints', async (name) => {
    const { stdout, stderr } = await execute(`${folder}${name}.js`, {
      ANTHROPIC_API_KEY: 'test',
      ANTHROPIC_BASE_URL: server.url,
    });
    expect(stderr).toBe('');
    expect(stdout).not.toBe('');
  });
});

it('opens with two commands, each a block of one line', () => {
  const text = readFileSync(new URL('../../README.md', import.meta.url), 'utf8');
  const blocks = [...text.matchAll(/^```sh\n(.*?)^```/gms)].map(([, code = '']) => code.trim());
  expect(blocks.slice(0, 2)).toEqual([
    'npm ci && npm run build && npx millrace "Write a story"',
    'npm ci && npm test',
  ]);
});
