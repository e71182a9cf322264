import { describe, expect, it } from 'vitest';
import { AnthropicError } from '../../../src/errors.js';
import { proxyFor } from '../../../src/transport/proxy/proxy-for.js';

type Variables = Readonly<Record<string, string>>;

const of = (variables: Variables, url: string, proxy?: string | false): string | undefined =>
  proxyFor({ proxy }, url, (name) => variables[name]?.trim() || undefined);

const HTTPS = 'https://api.example.com';
const HTTP = 'http://api.example.com:8080';

describe('the environment', () => {
  const cases: readonly [variables: Variables, url: string, proxy: string | undefined][] = [
    [{}, HTTPS, undefined],
    [{ HTTPS_PROXY: 'http://p:1' }, HTTPS, 'http://p:1'],
    [{ https_proxy: 'http://p:1' }, HTTPS, 'http://p:1'],
    [{ https_proxy: 'http://lower:1', HTTPS_PROXY: 'http://upper:1' }, HTTPS, 'http://lower:1'],
    [{ https_proxy: ' ', HTTPS_PROXY: 'http://upper:1' }, HTTPS, 'http://upper:1'],
    [{ HTTP_PROXY: 'http://p:1' }, HTTPS, undefined],
    [{ HTTPS_PROXY: 'http://p:1' }, HTTP, undefined],
    [{ HTTP_PROXY: 'http://p:1' }, HTTP, 'http://p:1'],
    [{ http_proxy: 'http://p:1' }, HTTP, 'http://p:1'],
    [{ ALL_PROXY: 'socks5://p:1' }, HTTPS, undefined],
    [{ HTTP_PROXY: 'http://p:1', REQUEST_METHOD: 'GET' }, HTTP, undefined],
    [{ HTTPS_PROXY: 'http://p:1', REQUEST_METHOD: 'GET' }, HTTPS, 'http://p:1'],
    [{ http_proxy: 'http://p:1', REQUEST_METHOD: 'GET' }, HTTP, 'http://p:1'],
    [{ HTTPS_PROXY: 'p.example:3128' }, HTTPS, 'http://p.example:3128'],
    [{ HTTPS_PROXY: 'p.example' }, HTTPS, 'http://p.example'],
    [{ HTTPS_PROXY: 'HTTPS://P.example:3128/path?x#y' }, HTTPS, 'https://p.example:3128'],
    [{ HTTPS_PROXY: 'http://u:p%40ss@p:1/' }, HTTPS, 'http://u:p%40ss@p:1'],
    [{ HTTPS_PROXY: 'u:p@p:1' }, HTTPS, 'http://u:p@p:1'],
    [{ HTTPS_PROXY: 'http://[::1]:3128' }, HTTPS, 'http://[::1]:3128'],
  ];
  it.each(cases)('%j for %s: %s', (variables, url, proxy) => {
    expect(of(variables, url)).toBe(proxy);
  });

  it.each([
    'http://localhost',
    'http://localhost.:8080',
    'http://LOCALHOST',
    'http://api.localhost',
    'http://127.0.0.1:1234',
    'http://127.8.9.10',
    'http://127.1',
    'http://2130706433',
    'http://[::1]:11434',
    'http://[0:0:0:0:0:0:0:1]',
    'http://[::ffff:127.0.0.1]',
  ])('is not for %s, which is this machine', (url) => {
    expect(of({ HTTP_PROXY: 'http://p:1' }, url)).toBeUndefined();
  });

  it.each([
    'http://localhost.example.com',
    'http://128.0.0.1',
    'http://notlocalhost',
    'http://[::2]',
  ])('is for %s', (url) => expect(of({ HTTP_PROXY: 'http://p:1' }, url)).toBe('http://p:1'));
});

describe('NO_PROXY', () => {
  const cases: readonly [list: string, url: string, isExempt: boolean][] = [
    ['', HTTPS, false],
    ['*', HTTPS, true],
    ['other.com, *', HTTPS, true],
    ['example.com', HTTPS, true],
    ['.example.com', HTTPS, true],
    ['*.example.com', HTTPS, true],
    ['EXAMPLE.com.', HTTPS, true],
    ['api.example.com', HTTPS, true],
    ['.api.example.com', HTTPS, true],
    ['a,b api.example.com', HTTPS, true],
    ['ple.com', HTTPS, false],
    ['xample.com', 'https://example.com', false],
    ['www.example.com', HTTPS, false],
    ['com', HTTPS, true],
    ['.', HTTPS, false],
    [',, ,', HTTPS, false],
    ['example.com:443', HTTPS, true],
    ['example.com:80', HTTPS, false],
    ['example.com:8080', HTTP, true],
    ['*:8080', HTTP, true],
    ['*:443', HTTP, false],
    ['example.com:', HTTPS, false],
    ['10.1.2.3', 'https://10.1.2.3', true],
    ['10.1.2.3:8443', 'https://10.1.2.3:8443', true],
    ['10.1.2.3:8443', 'https://10.1.2.3', false],
    ['2.3', 'https://10.1.2.3', false],
    ['10.0.0.0/8', 'https://10.1.2.3', true],
    ['10.0.0.0/8', 'https://11.1.2.3', false],
    ['10.1.2.3/32', 'https://10.1.2.3', true],
    ['0.0.0.0/0', 'https://10.1.2.3', true],
    ['10.0.0.0/33', 'https://10.1.2.3', false],
    ['10.0.0.0/', 'https://10.1.2.3', false],
    ['10.0.0.0/8', HTTPS, false],
    ['nonsense/8', 'https://10.1.2.3', false],
    ['/', 'https://10.1.2.3', false],
    ['2001:db8::1', 'https://[2001:db8::1]', true],
    ['[2001:db8::1]', 'https://[2001:DB8:0::1]', true],
    ['[2001:db8:0:0::1]:443', 'https://[2001:db8::1]', true],
    ['[2001:db8::1]:444', 'https://[2001:db8::1]', false],
    ['2001:db8::/32', 'https://[2001:db8::1]', true],
    ['2001:db9::/32', 'https://[2001:db8::1]', false],
    ['10.0.0.0/8', 'https://[2001:db8::1]', false],
  ];
  it.each(cases)('%j, %s: %s', (list, url, isExempt) => {
    const proxies = { HTTP_PROXY: 'http://p:1', HTTPS_PROXY: 'http://p:1' };
    const expected = isExempt ? undefined : 'http://p:1';
    expect(of({ ...proxies, NO_PROXY: list }, url)).toBe(expected);
    expect(of({ ...proxies, no_proxy: list }, url)).toBe(expected);
  });

  it('is read in lower case first', () => {
    const variables = { HTTPS_PROXY: 'http://p:1', no_proxy: 'other.com', NO_PROXY: '*' };
    expect(of(variables, HTTPS)).toBe('http://p:1');
  });
});

describe('the option', () => {
  const env = { HTTPS_PROXY: 'http://env:1', NO_PROXY: '*' };
  it.each([
    ['http://option:1', HTTPS, 'http://option:1'],
    ['option:1', 'http://localhost:8080', 'http://option:1'],
    ['  http://option:1 ', HTTPS, 'http://option:1'],
  ])('%j for %s overrides environment, NO_PROXY and loopback', (option, url, proxy) => {
    expect(of(env, url, option)).toBe(proxy);
  });

  it('false is none', () => {
    expect(of({ HTTPS_PROXY: 'http://env:1' }, HTTPS, false)).toBeUndefined();
  });
});

describe('what is no HTTP proxy is refused, without its password', () => {
  it.each(['socks5://u:secret@p:1', 'socks://p:1', 'SOCKS5H://p:1', 'socks4a://p'])(
    '%s',
    (proxy) => {
      for (const refused of [() => of({}, HTTPS, proxy), () => of({ HTTPS_PROXY: proxy }, HTTPS)]) {
        expect(refused).toThrow(AnthropicError);
        expect(refused).toThrow(
          /^(proxy|HTTPS_PROXY) names a SOCKS proxy \(socks\w*:\/\/\), which is/,
        );
        expect(refused).not.toThrow(/secret/);
      }
    },
  );

  it.each(['ftp://u:secret@p', 'http://', 'http://a secret', '://secret', 'http://p:99999', ''])(
    '%j',
    (proxy) => {
      const refused = (): unknown => of({}, HTTPS, proxy);
      expect(refused).toThrow(/^proxy is no URL of a proxy: give one such as http:/);
      expect(refused).not.toThrow(/secret/);
    },
  );

  it('but not where it is not used', () => {
    const variables = { HTTPS_PROXY: 'socks5://p:1', HTTP_PROXY: 'socks5://p:1' };
    expect(of(variables, 'http://localhost')).toBeUndefined();
    expect(of({ ...variables, NO_PROXY: 'example.com' }, HTTPS)).toBeUndefined();
  });
});
