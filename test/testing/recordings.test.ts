import { expect, it } from 'vitest';
import { accumulate } from '../../src/message/accumulate.js';
import { createEmulator, type RawEvent, reply } from '../../src/testing/index.js';
import type { AnyMessage } from '../../src/wire/beta.js';
import { recordings } from '../support/recordings.js';
import { ask, eventsIn } from './ask.js';

const spans = recordings();

it.skipIf(spans.length === 0)('reply.events sends recordings unchanged', async () => {
  for (const { payloads } of spans) {
    const events = payloads.map((payload): RawEvent => JSON.parse(payload));
    const emulator = createEmulator({ replies: [reply.events(events)] });
    expect(await eventsIn(await ask(emulator))).toEqual(events);
  }
});

it.skipIf(spans.length === 0)('reply.message streams recorded messages of all kinds', async () => {
  for (const { message } of spans.filter((span) => span.message !== undefined)) {
    const emulator = createEmulator({ replies: [reply.message(message as AnyMessage)] });
    expect(accumulate(await eventsIn(await ask(emulator)))).toEqual(message);
  }
});
