import { createHmac, createSecretKey } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { Anthropic, type ClientOptions } from '../../index.js';
import { endToEnd } from './pass-through.js';

/** Headers that the client writes itself. */
const OWN: ReadonlySet<string> = new Set([
  'content-length',
  'content-type',
  'accept',
  'accept-encoding',
]);

/** Who sends a request: everything that is theirs, and nothing that is kept. */
export interface Caller {
  /** What their streams begin with: a keyed hash, which another key never has. */
  scope: string;
  /** What the API gets of their headers, key included. */
  headers: Record<string, string>;
  /** Sends requests of any caller, with their headers. */
  shared: Anthropic;
  /** A client that sends their headers by itself. It costs more than a request does. */
  toClient: () => Anthropic;
}

/** Makes callers of requests. @param secret keys the hashes. */
export function createCallers(
  secret: string,
  options: ClientOptions,
): (incoming: IncomingMessage) => Caller {
  const keyless = { ...options, apiKey: null, authToken: null };
  const shared = new Anthropic(keyless);
  const hashKey = createSecretKey(secret, 'utf8');
  return ({ headers: { 'x-api-key': apiKey, authorization }, rawHeaders }) => {
    const key = apiKey ?? authorization?.replace(/^bearer\s+/i, '') ?? '';
    const headers = sent(rawHeaders);
    return {
      scope: createHmac('sha256', hashKey).update(String(key)).digest('hex').slice(0, 32),
      headers,
      shared,
      toClient: () => new Anthropic({ ...keyless, defaultHeaders: headers }),
    };
  };
}

function sent(raw: readonly string[]): Record<string, string> {
  const all: Record<string, string> = {};
  const kept = endToEnd(raw);
  for (let index = 0; index < kept.length; index += 2) {
    const name = (kept[index] as string).toLowerCase();
    const value = kept[index + 1] as string;
    if (!OWN.has(name)) all[name] = name in all ? `${all[name]}, ${value}` : value;
  }
  return all;
}
