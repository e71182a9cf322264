import http from 'node:http';
import https from 'node:https';

/**
 * Whether something has replaced a way to send requests over `node:https`: msw, nock, a tracer, a spy of a
 * test. None of them sees `node:http2`, and what is mocked must not reach the real API.
 *
 * Node's own functions are recognized by their text, which uses names that exist only inside of Node. So it
 * doesn't matter whether the tool was installed before this module was loaded.
 */
export function isIntercepted(): boolean {
  return !(
    isGenuine(https.request, REQUEST) &&
    isGenuine(https.get, GET) &&
    isGenuine(http.ClientRequest, CLIENT_REQUEST)
  );
}

const REQUEST = /^function request\(.*\bReflectConstruct\(ClientRequest, args\)/s;
const GET = /^function get\(input, options, cb\) \{\s*const req = request\(input, options, cb\);/;
const CLIENT_REQUEST = /^function ClientRequest\(input, options, cb\) \{.*\bObjectAssign\(/s;

/** Functions that are Node's own. */
const genuine = new WeakSet<object>();

function isGenuine(value: unknown, text: RegExp): boolean {
  if (typeof value !== 'function') return false;
  if (genuine.has(value)) return true;
  if (!text.test(Function.prototype.toString.call(value))) return false;
  genuine.add(value);
  return true;
}
