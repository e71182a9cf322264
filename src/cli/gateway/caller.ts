import { createHmac } from 'node:crypto';
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
  /** A client that sends their headers, key included. */
  client: Anthropic;
  /** What their streams begin with: a keyed hash, which another key never has. */
  scope: string;
}

/** Makes callers of requests. @param secret keys the hashes. */
export function createCallers(
  secret: string,
  options: ClientOptions,
): (incoming: IncomingMessage) => Caller {
  return ({ headers, rawHeaders }) => {
    const key = headers['x-api-key'] ?? headers.authorization?.replace(/^bearer\s+/i, '') ?? '';
    const scope = createHmac('sha256', secret).update(String(key)).digest('hex').slice(0, 32);
    return {
      client: new Anthropic({
        ...options,
        apiKey: null,
        authToken: null,
        defaultHeaders: sent(rawHeaders),
      }),
      scope,
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
