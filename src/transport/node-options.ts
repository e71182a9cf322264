import { isPlain, must } from '../check-options.js';
import { AnthropicError } from '../errors.js';
import type { TlsOptions } from './tls-options.js';

/** How connections are shared over HTTP/2. */
export interface Http2Options {
  /**
   * The most streams in one connection; the server's own limit applies, too. One that breaks takes that many
   * streams with it. Default 100.
   */
  maxStreams?: number | undefined;
}

/** The options of a client that are for Node's transport only. */
export interface NodeOptions {
  agent?: object | undefined;
  http2?: boolean | Http2Options | undefined;
  tls?: TlsOptions | undefined;
}

/** Of 200 slow streams, connections of 25 cost 8 % more CPU than those of 100, and connections of 10 cost 20 %. */
const MAX_STREAMS = 100;

/**
 * How HTTP/2 is to be used; undefined for not at all.
 * @throws AnthropicError for invalid settings, and those that an agent would ignore.
 */
export function resolveHttp2({
  agent,
  http2 = agent === undefined,
  tls,
}: NodeOptions): { maxStreams: number } | undefined {
  if (agent !== undefined && tls !== undefined) {
    throw new AnthropicError('agent and tls exclude each other: pass the settings to the agent');
  }
  if (agent !== undefined && http2 !== false) {
    throw new AnthropicError('an agent makes connections for HTTP/1.1: leave out agent or http2');
  }
  if (http2 === false) return undefined;
  if (http2 !== true) settings(http2, 'http2');
  const { maxStreams = MAX_STREAMS, ...others } = http2 === true ? {} : http2;
  const [unknown] = Object.keys(others);
  if (unknown !== undefined) {
    throw new AnthropicError(`there is no http2.${unknown}: pass maxStreams`);
  }
  aStreamCount(maxStreams, 'http2.maxStreams');
  return { maxStreams };
}

const settings = must(isPlain, 'pass true, false, or an object such as { maxStreams: 100 }');

const aStreamCount = must(
  (value) => Number.isInteger(value) && (value as number) >= 1,
  'pass a whole number of at least 1',
);
