import { expect, it } from 'vitest';
import { createEmulator, serve } from '../../src/testing/index.js';
import { run } from './command.js';

it('counts the tokens of a prompt', async () => {
  const emulator = createEmulator({ apiKey: 'key', replies: [] });
  await using server = await serve(emulator);
  const env = { ANTHROPIC_API_KEY: 'key', ANTHROPIC_BASE_URL: server.url };
  const { code, stdout, stderr } = await run(
    ['tokens', '--system', 'Be brief', 'Hi'],
    env,
    'piped',
  );
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expect(stdout).toMatch(/^\d+\n$/);
  expect(emulator.requests[0]).toMatchObject({
    path: '/v1/messages/count_tokens',
    body: { system: 'Be brief', messages: [{ role: 'user', content: 'Hi\n\npiped' }] },
  });
  const json = await run(['tokens', '--json', '--system', 'Be brief', 'Hi'], env, 'piped');
  expect(JSON.parse(json.stdout)).toEqual({ input_tokens: Number(stdout) });
  const refused = await run(['tokens', 'Hi'], { ...env, ANTHROPIC_API_KEY: 'wrong' });
  expect(refused).toMatchObject({ code: 4, stdout: '' });
  expect(refused.stderr).toMatch(/^millrace: AuthenticationError: /);
});

it('estimates without a key, and says so', async () => {
  const { stdout, stderr } = await run(['tokens', 'Hello']);
  expect(stdout).toMatch(/^\d+\n$/);
  expect(stderr).toContain(
    'ANTHROPIC_API_KEY is not set: the built-in emulator estimates the count\n',
  );
});

it('needs a prompt', async () => {
  expect(await run(['tokens'])).toMatchObject({ code: 2, stdout: '' });
});
