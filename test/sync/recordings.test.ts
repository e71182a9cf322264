import { afterAll, describe, expect, inject, it } from 'vitest';
import type { UntypedEvent } from '../../src/message/untyped.js';
import { recordings } from '../support/recordings.js';
import { millrace, sync } from './built.js';
import { LIMITED, PARAMS, thrownBy } from './support.js';

const spans = recordings();
const client = new sync.SyncAnthropic(LIMITED);
afterAll(() => client[Symbol.dispose]());

describe.skipIf(spans.length === 0)('recordings, blocking', () => {
  it.each([...spans.entries()].map(([index, span]) => ({ ...span, index })))(
    '$name: the message, its text, and the snapshot after each event',
    ({ index, message }) => {
      using own = client.withOptions({ baseURL: `${inject('servers').recordings}/${index}` });
      const stream = own.beta.messages.stream(PARAMS);
      const events: UntypedEvent[] = [];
      const read = (): void => {
        for (const event of stream) {
          events.push(event as UntypedEvent);
          expect(stream.currentMessageSnapshot).toEqual(millrace.accumulate(events as never));
        }
      };
      if (message === undefined) {
        expect(thrownBy(read)).toBeInstanceOf(millrace.StreamProtocolError);
        return;
      }
      read();
      expect(stream.getFinalMessage()).toEqual(message);
      expect([...stream.textStream].join('')).toBe(stream.getFinalText());
    },
  );
});
