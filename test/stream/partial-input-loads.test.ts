import { expect, it, vi } from 'vitest';
import { hasPartialInput } from '../../src/message/input-draft.js';
import { MessageStream } from '../../src/stream/message-stream.js';
import { TEXT, TOOL } from './partial-input-streams.js';

const loads = vi.hoisted(() => ({ count: 0, open: () => {} }));
vi.mock('../../src/message/partial-input.js', async (original) => {
  loads.count++;
  await new Promise<void>((resolve) => {
    loads.open = resolve;
  });
  return original();
});

it('the code that shows unfinished inputs is loaded by the first tool call, before it is handed out', async () => {
  const text = MessageStream.from(new Response(TEXT));
  expect(await text.getFinalText()).toBe('Hi');
  expect(loads.count).toBe(0);

  const stream = MessageStream.from(new Response(TOOL));
  const seen: unknown[] = [];
  stream.on('inputJson', (_, input) => void seen.push(structuredClone(input)));
  const done = stream.untilDone();
  await vi.waitFor(() => expect(loads.count).toBe(1));
  await new Promise((resolve) => setImmediate(resolve));
  expect(stream.currentMessageSnapshot?.content).toHaveLength(1);
  expect(hasPartialInput()).toBe(false);
  loads.open();
  await done;
  expect(seen).toEqual([{ city: 'Z' }, { city: 'Zürich' }]);

  await MessageStream.from(new Response(TOOL)).untilDone();
  expect(loads.count).toBe(1);
});
