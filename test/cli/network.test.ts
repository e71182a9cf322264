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

/** The headers and paths that a server sees. */
async function seenBy(options: string[], addition = '', env: Record<string, string> = {}) {
  const emulator = createEmulator({ replies: () => reply.text('Hello!') });
  const server = await serve(emulator);
  const base = { ANTHROPIC_API_KEY: 'key', ANTHROPIC_BASE_URL: server.url + addition };
  const { code, stderr } = await run([...options, 'Hi'], { ...base, ...env });
  await server.close();
  const keys = emulator.requests.map(({ headers }) => [
    headers.authorization,
    headers['x-api-key'],
  ]);
  return { code, stderr, keys };
}

describe('--auth-header', () => {
  it.each([
    ['bearer', ['Bearer key', undefined]],
    ['x-api-key', [undefined, 'key']],
    ['both', ['Bearer key', 'key']],
  ])('%s says where the key goes', async (name, keys) => {
    expect(await seenBy(['--auth-header', name])).toMatchObject({ code: 0, keys: [keys] });
  });

  it('is one of three', async () => {
    expect(await seenBy(['--auth-header', 'cookie'])).toMatchObject({
      code: 2,
      keys: [],
      stderr: expect.stringContaining(
        "--auth-header is 'cookie': give one of bearer, x-api-key, both",
      ),
    });
  });
});

describe('the base URL', () => {
  it.each(['/', '/v1', '/v1/messages', '/v1/?a=1#b', ' '])('may end in %j', async (addition) => {
    expect(await seenBy([], addition)).toMatchObject({
      code: 0,
      keys: [['Bearer key', undefined]],
    });
  });

  it('is refused with what to write instead', async () => {
    const { code, stderr } = await seenBy([], '', { ANTHROPIC_BASE_URL: 'localhost:8080' });
    expect(stderr).toContain('baseURL is "localhost:8080": give an address such as https://');
    expect(code).toBe(1);
  });
});

it('a SOCKS proxy of the environment is refused by its name, without its password', async () => {
  const env = { ANTHROPIC_BASE_URL: UNKNOWN, HTTP_PROXY: 'socks5://me:hunter22@p:1' };
  const { code, stderr } = await seenBy([], '', env);
  expect(stderr).toContain('HTTP_PROXY names a SOCKS proxy (socks5://)');
  expect(stderr).not.toContain('hunter22');
  expect(code).toBe(1);
});
