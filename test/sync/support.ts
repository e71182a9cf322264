import { inject } from 'vitest';
import type { SyncAnthropic } from '../../src/sync/client.js';
import type { SyncClientOptions } from '../../src/sync/options.js';
import { ask } from './ask.js';
import { sync } from './built.js';

export const PARAMS = {
  model: 'claude-test',
  max_tokens: 1000,
  messages: [{ role: 'user' as const, content: 'Hi' }],
};

/** A client whose requests all play one scenario, and a way to ask the server about the latest. */
export interface Setting extends Disposable {
  client: SyncAnthropic;
  baseURL: string;
  ask(question: 'go' | 'left' | 'accepted' | 'requests'): Promise<string>;
}

let keys = 0;

/** No test can time out while it is blocked. */
export const LIMITED: SyncClientOptions = {
  apiKey: 'key',
  maxRetries: 0,
  timeout: { total: 15_000 },
};

/** @param scenario of scenarios.ts */
export function setting(scenario: string, options: SyncClientOptions = {}): Setting {
  const baseURL = addressOf(scenario);
  const client = new sync.SyncAnthropic({ ...LIMITED, baseURL, ...options });
  return {
    client,
    baseURL,
    ask: (question) => ask(`${baseURL}/${question}`),
    [Symbol.dispose]: () => client[Symbol.dispose](),
  };
}

/** Under a key of its own. */
export function addressOf(scenario: string): string {
  return `${inject('servers').scenarios}/${scenario}/${process.pid}-${++keys}`;
}

/** What a call throws. */
export function thrownBy(call: () => unknown): unknown {
  try {
    call();
  } catch (error) {
    return error;
  }
  throw new Error('nothing was thrown');
}
