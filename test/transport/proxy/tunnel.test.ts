import { connect } from 'node:net';
import { expect, it, vi } from 'vitest';
import { openTunnel } from '../../../src/transport/proxy/tunnel.js';
import { listenerCount } from '../../support/listener-count.js';
import { proxyServer } from '../../support/proxy-server.js';
import { rawServer } from '../../support/raw-server.js';

it.each([
  [undefined, 200],
  ['403 Forbidden', 403],
])(
  'the signal ends the wait for a tunnel, not what comes of it (refused: %s)',
  async (refuses, status) => {
    await using server = await rawServer({ body: ['x'] });
    await using proxy = await proxyServer(server.port, refuses === undefined ? {} : { refuses });
    const controller = new AbortController();
    const { signal } = controller;
    const options = { host: 'a.test', port: 443, tunnelSignal: signal };
    const tunnel = await openTunnel(options, {}, () => connect(proxy.port, '127.0.0.1'));
    expect(tunnel).toMatchObject({ target: 'a.test:443', status });
    await vi.waitUntil(() => listenerCount(signal) === 0);
    controller.abort();
    expect(tunnel.socket.destroyed).toBe(false);
    tunnel.socket.destroy();
  },
);

it('an IPv6 address is in brackets', async () => {
  await using proxy = await proxyServer(1, { refuses: '403' });
  const options = { host: '::1', port: 8443 };
  const tunnel = await openTunnel(options, {}, () => connect(proxy.port, '127.0.0.1'));
  tunnel.socket.destroy();
  expect(proxy.seen).toEqual(['CONNECT [::1]:8443']);
  expect(proxy.headers[0]?.host).toBe('[::1]:8443');
});
