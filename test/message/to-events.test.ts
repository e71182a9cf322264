import fc from 'fast-check';
import { expect, it } from 'vitest';
import { toEvents } from '../../src/message/to-events.js';
import { toolInput } from '../../src/message/tool-input.js';
import type { UntypedBlock, UntypedEvent, UntypedMessage } from '../../src/message/untyped.js';
import { eventSequence, finishedMessage } from './arbitrary.js';
import * as ev from './events.js';

const replayed = (message: UntypedMessage): UntypedEvent[] =>
  toEvents(message as unknown as Parameters<typeof toEvents>[0]) as UntypedEvent[];

const statuses = ({ content }: UntypedMessage): unknown[] =>
  content.map((block) => ('input' in block ? inputOf(block).status : undefined));

const inputOf = (block: UntypedBlock | undefined) =>
  toolInput(block as { input: unknown } & UntypedBlock);

it('any finished message replays to an equal one', () => {
  fc.assert(
    fc.property(finishedMessage, (message) => {
      const json = JSON.stringify(message);
      expect(ev.accumulated(replayed(message))).toStrictEqual(message);
      expect(JSON.stringify(message)).toBe(json);
      expect(statuses(message)).not.toContain('cut');
    }),
    { numRuns: 1_000 },
  );
});

it('any streamed message replays to an equal one, cut or not', () => {
  fc.assert(
    fc.property(eventSequence, (events) => {
      const message = ev.accumulated(events);
      const again = ev.accumulated(replayed(message));
      expect(again).toStrictEqual(message);
      expect(statuses(again)).toEqual(statuses(message));
    }),
    { numRuns: 500 },
  );
});

it('gives the fewest events, as the API would send them', () => {
  const citation = { type: 'char_location', cited_text: 'c' };
  const content = [
    { type: 'thinking', thinking: 't', signature: 's' },
    { type: 'text', text: 'a', citations: [citation, citation] },
    { type: 'text', text: '' },
    { type: 'tool_use', id: 'toolu_1', name: 'f', input: { a: 1 } },
    { type: 'redacted_thinking', data: 'd' },
    { type: 'compaction', content: 'c', encrypted_content: 'e' },
  ];
  const end = { stop_reason: 'end_turn', stop_sequence: null };
  const { stop_details: _, ...message } = ev.MESSAGE;
  expect(replayed({ ...message, ...end, content })).toStrictEqual([
    { type: 'message_start', message: { ...message, stop_reason: null, stop_sequence: null } },
    ...ev.block(
      0,
      { type: 'thinking', thinking: '', signature: '' },
      { type: 'thinking_delta', thinking: 't' },
      { type: 'signature_delta', signature: 's' },
    ),
    ...ev.block(
      1,
      { type: 'text', text: '', citations: null },
      { type: 'text_delta', text: 'a' },
      { type: 'citations_delta', citation },
      { type: 'citations_delta', citation },
    ),
    ...ev.block(2, { type: 'text', text: '' }),
    ...ev.block(
      3,
      { type: 'tool_use', id: 'toolu_1', name: 'f', input: {} },
      { type: 'input_json_delta', partial_json: '{"a":1}' },
    ),
    ...ev.block(4, { type: 'redacted_thinking', data: 'd' }),
    ...ev.block(
      5,
      { type: 'compaction', content: null, encrypted_content: 'e' },
      { type: 'compaction_delta', content: 'c', encrypted_content: 'e' },
    ),
    ev.messageDelta(end, message.usage),
    ev.messageStop,
  ]);
});

it('writes the JSON of a complete tool input again', () => {
  const json = '{"a":1}';
  const message = ev.accumulated([
    ev.messageStart(),
    ...ev.block(0, ev.toolBlock, { type: 'input_json_delta', partial_json: '{ "a" : 1.0 }' }),
  ]);
  expect(replayed(message)).toContainEqual(ev.jsonDelta(0, json));
  expect(inputOf(ev.accumulated(replayed(message)).content[0])).toEqual({
    status: 'complete',
    json,
  });
});

it('stops a tool call whose JSON is cut or invalid, as the API does, and keeps the JSON', () => {
  for (const json of ['{ "a" : 1.0', '{ "a" : 1.0 } }', '{"a": tru']) {
    const message = ev.accumulated([
      ev.messageStart(),
      ...ev.block(0, ev.toolBlock, { type: 'input_json_delta', partial_json: json }),
    ]);
    const events = replayed(message);
    expect(events).toContainEqual(ev.jsonDelta(0, json));
    expect(events).toContainEqual(ev.blockStop(0));
    expect(inputOf(ev.accumulated(events).content[0])).toEqual(inputOf(message.content[0]));
    expect(inputOf(message.content[0]).status).not.toBe('complete');
  }
});

it('does not make a tool call look finished that is open', () => {
  for (const fragments of [[], [''], ['{"a":1}'], ['{"a":']]) {
    const events = [ev.messageStart(), ev.blockStart(0, { ...ev.toolBlock, input: { given: 1 } })];
    const message = ev.accumulated([...events, ...fragments.map((part) => ev.jsonDelta(0, part))]);
    const again = ev.accumulated(replayed(message));
    expect(again).toStrictEqual(message);
    expect(inputOf(again.content[0]).status).toBe('cut');
  }
});

it('keeps blocks that came empty', () => {
  for (const block of [
    { type: 'text', text: '', citations: [] },
    { type: 'text', text: '', citations: null },
    { type: 'thinking', thinking: '' },
    { type: 'compaction', content: null },
    { type: 'tool_use', id: 'a', name: 'b', input: {} },
  ]) {
    const message = { ...ev.MESSAGE, stop_reason: 'end_turn', content: [block] };
    expect(ev.accumulated(replayed(message))).toStrictEqual(message);
  }
});
