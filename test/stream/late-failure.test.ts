import { describe, expect, it } from 'vitest';
import type { APIError } from '../../src/errors.js';
import type { ClientOptions } from '../../src/options.js';
import { textOf } from '../contract/outcome.js';
import { errorEvent, sse, textMessage } from '../contract/wire.js';
import { rawServer, type Script, SEEN } from '../support/raw-server.js';
import { clientOf, idle, PARAMS } from './support.js';

const WORDS = Array.from({ length: 20_000 }, (_, i) => `${i} `);
/** 2 MB: more than is read ahead. */
const BODY = sse(...textMessage(...WORDS).slice(0, -3));
/** What is read ahead, as text: 65,536 bytes of events of about 110. */
const READ_AHEAD = 600;

const transports: Readonly<Record<string, ClientOptions>> = {
  'node:http': {},
  fetch: { fetch: (url, init) => fetch(url, init) },
};

const failures: Readonly<Record<string, { script: Script; name: string; isWhole: boolean }>> = {
  'an error event': {
    script: { body: [BODY, sse(errorEvent('overloaded_error'))] },
    name: 'OverloadedError',
    isWhole: true,
  },
  'end of file': { script: { body: [BODY] }, name: 'StreamTruncatedError', isWhole: true },
  // Of what the kernel has when the reset comes, TCP promises nothing.
  'a reset': {
    script: { body: [BODY, SEEN], end: 'reset' },
    name: 'APIConnectionError',
    isWhole: false,
  },
};

describe.each(Object.entries(transports))(
  'over %s, a failure while the reader is busy',
  (_, options) => {
    it.each(Object.entries(failures))('loses nothing that came before: %s', async (_, failing) => {
      await using server = await rawServer(failing.script);
      const stream = clientOf(server, options).messages.stream(PARAMS);
      const words: string[] = [];
      let error: APIError | undefined;
      try {
        for await (const word of stream.textStream) {
          words.push(word);
          if (words.length > 1) continue;
          const exchange = await server.exchange();
          exchange.seen();
          if (!failing.isWhole) await exchange.played;
          await idle();
        }
      } catch (thrown) {
        error = thrown as APIError;
      }
      expect(error?.name).toBe(failing.name);
      expect(words.length).toBeGreaterThan(READ_AHEAD);
      expect(words).toEqual(WORDS.slice(0, failing.isWhole ? WORDS.length : words.length));
      expect(textOf(error?.partialMessage?.content ?? [])).toBe(words.join(''));
    });
  },
);
