import { channel } from 'node:diagnostics_channel';
import http from 'node:http';
import { expect, it } from 'vitest';
import { isHttpInstrumented } from '../../src/otel/http-instrumentation.js';

/** As OpenTelemetry's instrumentations mark what they replace. */
function wrap(method: object): Disposable {
  Object.defineProperty(method, '__wrapped', { value: true, configurable: true });
  return { [Symbol.dispose]: () => void Reflect.deleteProperty(method, '__wrapped') };
}

function subscribe(name: string): Disposable {
  const subscriber = (): void => {};
  channel(name).subscribe(subscriber);
  return { [Symbol.dispose]: () => void channel(name).unsubscribe(subscriber) };
}

const HTTP = 'http://localhost/v1/messages';
const HTTPS = 'https://localhost/v1/messages';

it.each([
  ['nothing', undefined, HTTP, false, false],
  ['nothing, fetch', undefined, HTTPS, true, false],
  ['http.request', () => wrap(http.request), HTTP, false, true],
  ['http.request, HTTP/2', () => wrap(http.request), HTTPS, false, false],
  ['http.request, fetch', () => wrap(http.request), HTTP, true, false],
  ['fetch', () => wrap(globalThis.fetch), HTTPS, true, true],
  ['fetch, node:http', () => wrap(globalThis.fetch), HTTP, false, false],
  ['undici', () => subscribe('undici:request:create'), HTTPS, true, true],
  ['the channel of node:http', () => subscribe('http.client.request.created'), HTTP, false, true],
] as const)('%s instrumented', (_, instrument, url, isFetch, expected) => {
  using _instrumentation = instrument?.();
  expect(isHttpInstrumented(url, isFetch)).toBe(expected);
});
