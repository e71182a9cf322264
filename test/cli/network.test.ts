import { describe, expect, it } from 'vitest';
import { createEmulator, reply, serve } from '../../src/testing/index.js';
import { proxyServer } from '../support/proxy-server.js';
import { run } from './command.js';

const UNKNOWN = 'http://only-the-proxy-knows.invalid';

async function setting() {
  const emulator = createEmulator({ replies: () => reply.text('Through!') });
  const server = await serve(emulator);
  const proxy = await proxyServer(Number(new URL(server.url).port));
  return {
    emulator,
    proxy,
    [Symbol.asyncDispose]: async () => {
      await proxy[Symbol.asyncDispose]();
      await server.close();
    },
  };
}

describe('the proxy', () => {
  it.each([
    ['of --proxy', (url: string) => [['--proxy', url], {}] as const],
    ['of HTTP_PROXY', (url: string) => [[], { HTTP_PROXY: url }] as const],
  ])('%s is used', async (_, choose) => {
    await using made = await setting();
    const [options, env] = choose(made.proxy.url);
    const key = { ANTHROPIC_API_KEY: 'key', ANTHROPIC_BASE_URL: UNKNOWN };
    expect(await run([...options, 'Hi'], { ...key, ...env })).toMatchObject({
      code: 0,
      stdout: 'Through!\n',
    });
    expect(made.proxy.seen).toEqual([`POST ${UNKNOWN}/v1/messages`]);
  });

  it('of the environment is not used with --no-proxy', async () => {
    await using made = await setting();
    const env = {
      ANTHROPIC_API_KEY: 'key',
      ANTHROPIC_BASE_URL: UNKNOWN,
      HTTP_PROXY: made.proxy.url,
    };
    const { code, stderr } = await run(['--no-proxy', '--max-retries', '0', 'Hi'], env);
    expect(code).toBe(7);
    expect(stderr).toContain('no connection to only-the-proxy-knows.invalid: ');
    expect(made.proxy.seen).toEqual([]);
  });

  it('can be given or refused, not both', async () => {
    const both = ['--proxy', 'http://p:1', '--no-proxy', 'Hi'];
    expect(await run(both, { ANTHROPIC_API_KEY: 'key' })).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('choose one of --proxy and --no-proxy'),
    });
  });
});

describe('--auth-header', () => {
  it('says where the key goes', async () => {
    const server = await serve(createEmulator({ replies: () => reply.text('Hello!') }));
    const seen = async (name: string) => {
      const { code, stderr } = await run(['--auth-header', name, 'Hi'], {
        ANTHROPIC_API_KEY: 'key',
        ANTHROPIC_BASE_URL: server.url,
      });
      return { code, stderr };
    };
    expect(await seen('x-api-key')).toMatchObject({ code: 0 });
    expect(await seen('cookie')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining(
        "--auth-header is 'cookie': give one of bearer, x-api-key, both",
      ),
    });
    await server.close();
  });
});
