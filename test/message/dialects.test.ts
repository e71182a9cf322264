import fc from 'fast-check';
import { expect, it } from 'vitest';
import { Anthropic } from '../../src/index.js';
import type { UntypedBlock, UntypedDelta, UntypedEvent } from '../../src/message/untyped.js';
import { all, PARAMS } from '../stream/support.js';
import { byTier } from '../support/tier.js';
import * as ev from './events.js';

/*
 * A well-formed stream, bent in any number of ways at random, is the same message and the same text.
 */

const text = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 6 });
const texts = fc.array(text, { maxLength: 4 });
const input = fc.dictionary(fc.string({ maxLength: 3 }), fc.jsonValue({ maxDepth: 1 }), {
  maxKeys: 3,
});

type Plan = [start: UntypedBlock, deltas: UntypedDelta[]];

const block: fc.Arbitrary<Plan> = fc.oneof(
  texts.map(
    (parts): Plan => [ev.textBlock, parts.map((part) => ({ type: 'text_delta', text: part }))],
  ),
  fc
    .tuple(texts, text)
    .map(
      ([parts, signature]): Plan => [
        ev.thinkingBlock,
        [
          ...parts.map((thinking) => ({ type: 'thinking_delta', thinking })),
          { type: 'signature_delta', signature },
        ],
      ],
    ),
  fc.tuple(input, fc.nat(9)).map(([value, cut]): Plan => {
    const json = JSON.stringify(value);
    const parts = ['', json.slice(0, cut), json.slice(cut)];
    const deltas = parts.map((partial_json) => ({ type: 'input_json_delta', partial_json }));
    return [ev.toolBlock, json === '{}' ? deltas.slice(0, 1) : deltas];
  }),
  fc.constant<Plan>([{ type: 'redacted_thinking', data: 'x' }, []]),
);

const stream: fc.Arbitrary<UntypedEvent[]> = fc
  .tuple(fc.array(block, { maxLength: 4 }), fc.constantFrom('end_turn', 'tool_use', 'max_tokens'))
  .map(([plans, stop_reason]) => [
    ev.messageStart(),
    ...plans.flatMap(([start, deltas], index) => {
      const id = 'id' in start ? { id: `toolu_${index}` } : {};
      return ev.block(index, { ...start, ...id }, ...deltas);
    }),
    ev.messageDelta({ stop_reason, stop_sequence: null }, { input_tokens: 10, output_tokens: 7 }),
    ev.messageStop,
  ]);

type Sent = UntypedEvent | string;
/** Bends a stream. `pick` says which of its places are meant. */
type Bend = (events: readonly Sent[], pick: (n: number) => boolean) => Sent[];

const isEvent = (sent: Sent, type: string): sent is UntypedEvent =>
  typeof sent !== 'string' && sent.type === type;
const each =
  (type: string, bend: (event: UntypedEvent) => Sent[]): Bend =>
  (events, pick) =>
    events.flatMap((event, n) => (isEvent(event, type) && pick(n) ? bend(event) : [event]));
const insert =
  (frame: string): Bend =>
  (events, pick) =>
    events.flatMap((event, n) => (pick(n) ? [frame, event] : [event]));
/** An earlier bend may have taken it. */
const deltaOf = (event: UntypedEvent): Partial<UntypedDelta> => (event.delta ?? {}) as UntypedDelta;
const withDelta = (event: UntypedEvent, fields: object): UntypedEvent => ({
  ...event,
  delta: { ...(event.delta as object), ...fields },
});

/** What the first delta of a block brings is in its start. */
const inStart: Bend = (events, pick) => {
  const sent = [...events];
  for (const [n, start] of events.entries()) {
    const next = events[n + 1];
    if (!isEvent(start, 'content_block_start') || !pick(n)) continue;
    if (next === undefined || !isEvent(next, 'content_block_delta')) continue;
    const { type, ...brought } = deltaOf(next);
    if (type !== 'text_delta' && type !== 'thinking_delta') continue;
    const content_block = { ...(start.content_block as object), ...brought };
    sent[n] = { ...start, content_block };
    sent[n + 1] = 'event: ping\n\n';
  }
  return sent;
};

/** The whole input is in the start; of the deltas an empty one is left. */
const inputInStart: Bend = (events) => {
  const json = new Map<unknown, string>();
  for (const event of events) {
    if (!isEvent(event, 'content_block_delta')) continue;
    const { partial_json } = deltaOf(event);
    if (partial_json) json.set(event.index, `${json.get(event.index) ?? ''}${partial_json}`);
  }
  return events.flatMap((event): Sent[] => {
    if (isEvent(event, 'content_block_start') && json.has(event.index)) {
      const input = JSON.parse(json.get(event.index) as string);
      return [{ ...event, content_block: { ...(event.content_block as object), input } }];
    }
    const { partial_json } = isEvent(event, 'content_block_delta') ? deltaOf(event) : {};
    return partial_json ? [] : [event];
  });
};

const halves: Bend = each('content_block_delta', (event) => {
  const { text } = deltaOf(event) as { text?: string | null };
  const at = /[\ud800-\udbff][\udc00-\udfff]/.exec(text ?? '')?.index;
  if (text == null || at === undefined) return [event];
  return [text.slice(0, at + 1), text.slice(at + 1)].map((text) => withDelta(event, { text }));
});

const late: Bend = (events) => {
  const n = events.findIndex((event) => isEvent(event, 'content_block_stop'));
  const start = events.findIndex((event) => isEvent(event, 'message_start'));
  if (n === -1 || start === -1 || start > n) return [...events];
  const rest = events.filter((_, i) => i !== start);
  return [...rest.slice(0, n), events[start] as Sent, ...rest.slice(n)];
};

const atIndex =
  (change: (index: number) => unknown): Bend =>
  (events) =>
    events.map((event) =>
      typeof event !== 'string' && 'index' in event
        ? { ...event, index: change(Number(event.index)) }
        : event,
    );

const BENDS: Readonly<Record<string, Bend>> = {
  'data: null': insert('data: null\n\n'),
  'data:': insert('data:\n\n'),
  'data: {}': insert('data: {}\n\n'),
  'a named keep-alive': insert('event: keepalive\ndata: alive\n\n'),
  'an odd ping': insert('event: ping\ndata: 2026-11-28T12:00:00Z\n\n'),
  'stops twice': each('content_block_stop', (event) => [event, event]),
  'stray stops': each('content_block_stop', (event) => [event, { ...event, index: 40 }]),
  'the start twice': each('message_start', (event) => [event, event]),
  'starts of blocks twice': each('content_block_start', (event) => [event, event]),
  'text in the start': inStart,
  'input in the start': inputInStart,
  'an index as text': atIndex(String),
  'a bare start': each('message_start', (event) => {
    const { content: _, ...message } = event.message as Record<string, unknown>;
    return [{ ...event, message }];
  }),
  'a late start': late,
  'a reason taken back': each('message_delta', (event) => [
    event,
    withDelta(event, { stop_reason: null }),
  ]),
  'usage that falls': each('message_delta', (event) => [
    event,
    { type: 'message_delta', delta: {}, usage: { input_tokens: 0, output_tokens: null } },
  ]),
  'null deltas': each('content_block_delta', (event) => [
    { ...event, delta: null },
    withDelta(event, { text: null, thinking: null, partial_json: null, signature: null }),
    event,
  ]),
  'halves of characters': halves,
  'no types of deltas': each('content_block_delta', (event) => {
    const { type, ...rest } = deltaOf(event);
    return [type === 'signature_delta' || event.delta == null ? event : { ...event, delta: rest }];
  }),
  '[DONE]': each('message_stop', () => ['data: [DONE]\n\n']),
  'event: done': each('message_stop', (event) => ['event: done\ndata: {}\n\n', event]),
  'no end': each('message_stop', () => []),
  'odd names of tools': each('content_block_start', (event) => {
    const block = event.content_block as UntypedBlock;
    return [
      { ...event, content_block: 'name' in block ? { ...block, name: ` ${block.name}\n` } : block },
    ];
  }),
};

/** Where a block stops decides whether it is whole, so these two are not combined. */
const ENDS: Readonly<Record<string, Bend>> = {
  'as they are': (events) => [...events],
  'no stops': (events) => events.filter((event) => !isEvent(event, 'content_block_stop')),
  'one index': atIndex(() => 0),
};

const toBody = (sent: readonly Sent[]): string =>
  sent
    .map((event) =>
      typeof event === 'string'
        ? event
        : `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`,
    )
    .join('');

function open(body: string) {
  const headers = { 'content-type': 'text/event-stream' };
  const fetch = async (): Promise<Response> => new Response(body, { headers });
  return new Anthropic({ apiKey: 'test', maxRetries: 0, fetch }).messages.stream(PARAMS);
}

it('a stream that is bent in any number of ways is the same message, and the same text', async () => {
  const bends = fc.array(fc.tuple(fc.constantFrom(...Object.keys(BENDS)), fc.array(fc.boolean())), {
    maxLength: 5,
  });
  await fc.assert(
    fc.asyncProperty(
      stream,
      bends,
      fc.constantFrom(...Object.keys(ENDS)),
      async (events, bent, end) => {
        const plain = await open(toBody(events)).getFinalMessage();
        let sent: Sent[] = [...events];
        // What repeats comes after what changes: else one of two would be changed, which is no repeat.
        const isRepeat = ([name]: [string, boolean[]]): number => Number(name.endsWith('twice'));
        for (const [name, picks] of bent.sort((a, b) => isRepeat(a) - isRepeat(b))) {
          sent = (BENDS[name] as Bend)(sent, (n) => picks[n % (picks.length || 1)] ?? true);
        }
        // Last: the others go by the index and the stop of a block.
        const read = open(toBody((ENDS[end] as Bend)(sent, () => true)));
        const pieces = await all(read.textStream);
        const message = await read.getFinalMessage();
        const isCut = end === 'no stops' && plain.stop_reason !== 'tool_use';
        expect(isCut ? withoutState(message) : message).toEqual(plain);
        expect(pieces.join('')).toBe(await read.getFinalText());
        expect((await all(read.textStream)).join('')).toBe(pieces.join(''));
      },
    ),
    { numRuns: byTier({ fast: 300, exhaustive: 5_000 }) },
  );
});

/** Without a stop nothing says that a call without arguments is whole, unless the stop reason does. */
function withoutState(message: object): unknown {
  return JSON.parse(JSON.stringify(message), (key, value) => {
    if (key === 'inputState') expect(value).toMatchObject({ status: 'open', json: '' });
    return key === 'inputState' ? undefined : value;
  });
}
