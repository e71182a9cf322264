import { expect, it } from 'vitest';
import { createEmulator, parseRecording, type RawEvent, reply } from '../../src/testing/index.js';
import { ask, eventsIn } from './ask.js';

const events: readonly RawEvent[] = await eventsIn(
  await ask(createEmulator({ replies: [reply.text('Recorded — once.')] })),
);
const lines = events.map((event) => `${JSON.stringify(event)}\n`).join('');
const sse = events
  .map((event) => `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`)
  .join('');
const exchange = [
  { request: { method: 'POST', path: '/v1/messages', headers: {}, body: {} } },
  { response: { status: 200, headers: { 'content-type': 'text/event-stream' } } },
  { at: 10, text: sse.slice(0, 99) },
  { at: 30, text: sse.slice(99) },
  { at: 60, end: 'complete' },
]
  .map((line) => JSON.stringify(line))
  .join('\n');

it.each([
  ['events as JSON lines', lines, 1],
  ['an event stream', sse, 1],
  ['an event stream without its last blank line', sse.trimEnd(), 1],
  ['several responses as JSON lines', lines + lines, 2],
  ['several responses in an event stream', sse + sse, 2],
  ['an exchange', exchange, 1],
])('repeats %s', async (_, content, count) => {
  for (const given of [content, new TextEncoder().encode(content)]) {
    const replies = parseRecording(given);
    expect(replies).toHaveLength(count);
    const emulator = createEmulator({ replies });
    for (const __ of replies) expect(await eventsIn(await ask(emulator))).toEqual(events);
  }
});

it('repeats a recovered response without the blocks that were started again', async () => {
  const block = (index: number, text: string): object[] => [
    { type: 'content_block_start', index, content_block: { type: 'text', text: '' } },
    { type: 'content_block_delta', index, delta: { type: 'text_delta', text } },
    { type: 'content_block_stop', index },
  ];
  const [head, tail] = [events.slice(0, 1), events.slice(-2)];
  const first = block(0, 'a');
  const second = block(1, 'c').slice(0, 2);
  const again = [...block(1, 'd'), ...block(2, 'e')];
  const recorded = [...head, ...first, ...second, ...again, ...tail];
  const replies = parseRecording(recorded.map((event) => JSON.stringify(event)).join('\n'));
  const found = await eventsIn(await ask(createEmulator({ replies })));
  expect(found).toEqual([...head, ...first, ...again, ...tail]);
});

it.each([
  [undefined, []],
  [true, [10, 20, 30]],
])('repeats the delays of an exchange with timing: %s', (timing, waits) => {
  const [played] = parseRecording(exchange, { timing });
  const steps = played?.kind === 'raw' ? [...played.steps] : [];
  const found = steps.flatMap((step) => ('wait' in step && step.wait > 0 ? [step.wait] : []));
  expect(found).toEqual(waits);
});

it.each([
  ['', 'it contains no events'],
  ['{"type":"ping"}\n{"a":1}\n', 'event 2 is not a JSON object with a type: {"a":1}'],
  ['data: {\n\n', 'event 1 is not a JSON object with a type: {'],
  [exchange.split('\n').slice(0, 2).join('\n'), 'it has no response, or no end'],
])('rejects %j', (content, message) => {
  expect(() => parseRecording(content)).toThrow(message);
});
