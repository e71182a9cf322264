import { describe, expect, it } from 'vitest';
import { StreamProtocolError } from '../../src/errors.js';
import type { UntypedEvent } from '../../src/message/untyped.js';
import { ContinuationMapper } from '../../src/stream/recover/continuation-mapper.js';
import { OverlapTrimmer } from '../../src/stream/recover/overlap-trimmer.js';
import {
  blockStart,
  blockStop,
  delta,
  MESSAGE_STOP,
  messageDelta,
  messageStart,
  PING,
  textBlock,
  textDelta,
  thinkingBlock,
  toolBlock,
} from '../contract/wire.js';

const BEFORE = 'The quick brown fox';
const USAGE = { input_tokens: 10, output_tokens: 1, service_tier: 'standard' };

interface At {
  keep: number;
  text?: number;
  before?: string;
  mayOverlap?: boolean;
}

function mapperAt({ keep, text, before = BEFORE, mayOverlap = true }: At): ContinuationMapper {
  return new ContinuationMapper(
    { keep, text },
    new OverlapTrimmer({ before, whitespace: '', mayOverlap }),
    USAGE,
  );
}

const EMPTY_TEXT = { type: 'text', text: '' };

const brandNew = (index: unknown): UntypedEvent => ({ type: 'brand_new', index, x: 1 });

const IN_TEXT: At = { keep: 2, text: 1 };
const AFTER_TEXT: At = { keep: 2 };
const SUM = { input_tokens: 20, output_tokens: 8, service_tier: 'standard' };
const END = [messageDelta({ stop_reason: 'end_turn', stop_sequence: null }, SUM), MESSAGE_STOP];
const ENDS = [messageDelta(), MESSAGE_STOP];

describe('a continuation', () => {
  it.each<[what: string, at: At, theirs: UntypedEvent[], ours: UntypedEvent[]]>([
    [
      'goes on in the text that was open',
      IN_TEXT,
      textBlock(0, ' jumps', ' over'),
      [textDelta(1, ' jumps'), textDelta(1, ' over'), blockStop(1)],
    ],
    [
      'loses what it repeats',
      IN_TEXT,
      textBlock(0, 'quick brown', ' fox jumps', ' over'),
      [textDelta(1, ' jumps'), textDelta(1, ' over'), blockStop(1)],
    ],
    ['may have nothing to add', IN_TEXT, textBlock(0), [blockStop(1)]],
    ['may be all repeat', IN_TEXT, textBlock(0, 'quick brown fox'), [blockStop(1)]],
    ['may have no block', IN_TEXT, [], [blockStop(1)]],
    [
      'thinks before it goes on: that is left out',
      IN_TEXT,
      [...thinkingBlock(0, 's', 'Where was I?'), ...textBlock(1, ' jumps')],
      [textDelta(1, ' jumps'), blockStop(1)],
    ],
    [
      'has more blocks: they follow',
      IN_TEXT,
      [...textBlock(0, ' jumps'), ...thinkingBlock(1, 's', 'Hm'), ...toolBlock(2, '{}')],
      [
        ...[textDelta(1, ' jumps'), blockStop(1)],
        ...[...thinkingBlock(2, 's', 'Hm'), ...toolBlock(3, '{}')],
      ],
    ],
    [
      'has no more text: what was open is finished',
      IN_TEXT,
      toolBlock(0, '{}'),
      [blockStop(1), ...atIndex(2, toolBlock(0, '{}'))],
    ],
    [
      'has two texts: the second is a block of its own',
      IN_TEXT,
      [...textBlock(0, ' jumps'), ...textBlock(1, 'quick brown fox')],
      [textDelta(1, ' jumps'), blockStop(1), ...textBlock(2, 'quick brown fox')],
    ],
    [
      'has citations for the text that was open',
      IN_TEXT,
      [
        blockStart(0, { type: 'text', text: '' }),
        delta(0, { type: 'citations_delta', citation: 1 }),
        blockStop(0),
      ],
      [delta(1, { type: 'citations_delta', citation: 1 }), blockStop(1)],
    ],
    [
      'has a text that begins in its start',
      IN_TEXT,
      [blockStart(0, { type: 'text', text: ' jumps' }), blockStop(0)],
      [textDelta(1, ' jumps'), blockStop(1)],
    ],
    ['after a finished text, may have nothing to add', AFTER_TEXT, textBlock(0), []],
    ['after a finished text, may be all repeat', AFTER_TEXT, textBlock(0, BEFORE), []],
    [
      'after a finished text, begins a new one',
      AFTER_TEXT,
      textBlock(0, 'quick brown fox', ' jumps'),
      textBlock(2, ' jumps'),
    ],
    [
      'after a finished text, a text that begins in its start comes once',
      AFTER_TEXT,
      [blockStart(0, { type: 'text', text: ' jumps' }), blockStop(0)],
      textBlock(2, ' jumps'),
    ],
    [
      'after a finished text, only what meets it can repeat it',
      AFTER_TEXT,
      [...toolBlock(0, '{}'), ...textBlock(1, 'quick brown fox')],
      [...atIndex(2, toolBlock(0, '{}')), ...textBlock(3, 'quick brown fox')],
    ],
    [
      'has events of unknown kinds: they are about the same blocks',
      IN_TEXT,
      [
        ...[...thinkingBlock(0, 's', 'Hm'), brandNew(0), blockStart(1, EMPTY_TEXT), brandNew(1)],
        ...[textDelta(1, ' jumps'), blockStop(1), brandNew(1), ...toolBlock(2, '{}'), brandNew(2)],
        ...[blockStart(3, EMPTY_TEXT), brandNew(3), textDelta(3, 'Hi'), blockStop(3)],
        brandNew('3'),
      ],
      [
        ...[brandNew(1), textDelta(1, ' jumps'), blockStop(1), brandNew(1)],
        ...[...atIndex(2, toolBlock(0, '{}')), brandNew(2)],
        ...[blockStart(3, EMPTY_TEXT), brandNew(3), textDelta(3, 'Hi'), blockStop(3)],
        brandNew('3'),
      ],
    ],
    [
      'from the beginning, is as it is',
      { keep: 0, before: '', mayOverlap: false },
      [...thinkingBlock(0, 's', 'Hm'), ...textBlock(1, 'a'), ...toolBlock(2, '{}')],
      [...thinkingBlock(0, 's', 'Hm'), ...textBlock(1, 'a'), ...toolBlock(2, '{}')],
    ],
  ])('%s', (_, at, theirs, ours) => {
    const mapper = mapperAt(at);
    const events = [messageStart(), ...theirs, ...ENDS].flatMap((event) => mapper.map(event));
    expect(events).toEqual([...renamed(ours), ...END]);
  });

  it('lets pings and events that are not known pass', () => {
    const mapper = mapperAt(IN_TEXT);
    const event = { type: 'brand_new', x: 1 };
    expect(mapper.map(PING)).toEqual([PING]);
    expect(mapper.map(event)).toEqual([event]);
  });

  it('has only deltas for blocks that it began', () => {
    const mapper = mapperAt(IN_TEXT);
    expect(() => mapper.map(textDelta(5, 'x'))).toThrow(StreamProtocolError);
    expect(() => mapper.map(blockStop(5))).toThrow('index 5, which was never started');
  });
});

describe('its usage', () => {
  const usage = (...events: UntypedEvent[]): unknown => {
    const mapper = mapperAt(IN_TEXT);
    for (const event of events) mapper.map(event);
    return mapper.usage;
  };

  it.each<[what: string, events: UntypedEvent[], usage: object]>([
    ['is that from before, at first', [], USAGE],
    ['counts from its start', [messageStart()], { ...USAGE, input_tokens: 20, output_tokens: 2 }],
    [
      'counts totals, not steps',
      [messageStart(), messageDelta({}, { output_tokens: 3 }), ...ENDS],
      SUM,
    ],
    ['may be missing', [messageStart({ usage: undefined })], USAGE],
  ])('%s', (_, events, expected) => {
    expect(usage(...events)).toEqual(expected);
  });
});

function atIndex(index: number, events: UntypedEvent[]): UntypedEvent[] {
  return events.map((event) => ({ ...event, index }));
}

/** Blocks keep the ids that the continuation gave them. */
function renamed(events: UntypedEvent[]): UntypedEvent[] {
  return events.map((event) => {
    const block = event.content_block as { type: string } | undefined;
    if (block?.type !== 'tool_use') return event;
    return { ...event, content_block: expect.objectContaining({ type: 'tool_use' }) };
  });
}
