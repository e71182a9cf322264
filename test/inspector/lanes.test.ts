import { describe, expect, it } from 'vitest';
import type { Call } from '../../inspector/src/call/call.js';
import { discardsOf } from '../../inspector/src/call/discards.js';
import { limitsOf } from '../../inspector/src/call/limits.js';
import { callsIn, only, told } from './derive.js';
import { retried, Sample, searched, stalled } from './samples.mjs';
import { type Shape, shapesOf } from './shapes.js';

const TIME = 1_764_350_000_000;
const sent = (
  timeouts: Record<string, number>,
  attempt = 1,
  time = 0,
): { sent: Record<string, unknown> } => ({
  sent: { time: TIME + time, streamId: 'str_a', attemptId: `att_${attempt}`, attempt, timeouts },
});

type Of<K extends Shape['kind']> = Extract<Shape, { kind: K }>;

function drawn<K extends Shape['kind']>(shapes: readonly Shape[], kind: K): Of<K>[] {
  return shapes.filter((shape): shape is Of<K> => shape.kind === kind);
}

/** The lines of a call: their times, colors and dashes. */
function linesOf(call: Call): { at: number; color: string; dash: readonly number[] }[] {
  const { shapes, layout } = shapesOf(call);
  return drawn(shapes, 'line').map(({ x, color, dash }) => ({
    at: Math.round(layout.time(x)),
    ...{ color, dash },
  }));
}

/** The bars of a lane: their times, colors and strengths. */
function barsOf(call: Call, name: 'requests' | 'blocks' | 'reader' | 'tools'): object[] {
  const { shapes, layout } = shapesOf(call);
  const { top, height } = layout.lane(name);
  return drawn(shapes, 'bar')
    .filter(({ y, color }) => color !== 'lane' && y >= top && y < top + height)
    .filter(({ height }) => height < 100)
    .map(({ x, width, color, alpha }) => ({
      from: Math.round(layout.time(x)),
      to: Math.round(layout.time(x + width + 1)),
      ...{ color, alpha },
    }));
}

const textsOf = (call: Call): string[] =>
  drawn(shapesOf(call).shapes, 'text').map(({ text }) => text);

describe('limits', () => {
  const LIMITS = { response: 4_000, idle: 5_000, stall: 8_000, longStall: 20_000 };
  const started = (): Sample => new Sample(sent(LIMITS)).wait(500).head().start();
  const inText = (): Sample => {
    const block = { type: 'text', text: '' };
    return started().event('content_block_start', { index: 0, content_block: block });
  };
  const inThought = (): Sample => {
    const block = { type: 'thinking', thinking: '', signature: '' };
    return started().event('content_block_start', { index: 0, content_block: block });
  };
  const afterSearch = (): Sample => started().tool(0, 'web_search', {}, 'server_tool_use');
  // biome-ignore format: a table
  const CASES: readonly [what: string, sample: Sample, limits: Record<string, number>][] = [
    ['before the headers', new Sample(sent(LIMITS)).wait(900), { response: 4_000, stall: 20_000 }],
    ['after the headers', new Sample(sent(LIMITS)).wait(500).head(), { idle: 5_500, stall: 20_000 }],
    ['before the first content', started().wait(2_000), { idle: 5_500, stall: 20_500 }],
    ['in text', inText().wait(2_000), { idle: 5_500, stall: 8_500 }],
    ['in text, with pings', inText().wait(2_000).event('ping'), { idle: 7_500, stall: 8_500 }],
    ['in a thought', inThought(), { idle: 5_500, stall: 20_500 }],
    ['while a tool of the API runs', afterSearch(), { idle: 5_544, stall: 20_544 }],
    ['after the program was away', inText().wait(3_000).note('read', { away: 2_000 }), { idle: 8_500, stall: 11_500 }],
    ['of a whole message', inText().stop().end(), {}],
  ];

  it.each(CASES)('%s', (_, sample, limits) => {
    expect(
      Object.fromEntries(limitsOf(only(sample.text)).map(({ name, at }) => [name, at])),
    ).toEqual(limits);
  });

  it('that are off are none, and total counts from the first request, without the time away', () => {
    const first = new Sample(sent({ total: 9_000 })).wait(300).head(529).end();
    const second = new Sample(sent({ total: 9_000 }, 2, 1_000)).wait(300).head().start();
    second.wait(700).note('read', { away: 600 });
    const [call] = callsIn({ '1.jsonl': first.text, '2.jsonl': second.text });
    expect(limitsOf(call as Call)).toEqual([{ name: 'total', at: 9_600 }]);
    expect(limitsOf(only(stalled()))).toEqual([]);
  });

  it('are drawn as dashed lines with their names, where they are in sight', () => {
    const error = { name: 'APITimeoutError', message: 'no bytes within 5 s' };
    const idle = inText().wait(5_000).note('call', { outcome: 'idle', error }).end('left');
    expect(linesOf(only(idle.text))).toEqual([
      { at: 5_500, color: 'bad', dash: [4, 4] },
      { at: 5_500, color: 'bad', dash: [] },
    ]);
    expect(textsOf(only(idle.text))).toContain('idle limit');
    expect(textsOf(only(idle.text))).not.toContain('stall limit');
    expect(linesOf(only(inText().text))).toEqual([]);
  });
});

describe('seams', () => {
  const [call] = callsIn(retried());

  it('begin a request: dim for a retry, in a color of their own for a recovery', () => {
    expect(linesOf(call as Call)).toEqual([
      { at: 990, color: 'dim', dash: [2, 4] },
      { at: 2_600, color: 'dim', dash: [2, 4] },
      { at: 6_450, color: 'block-thinking', dash: [2, 4] },
      { at: expect.any(Number), color: 'good', dash: [] },
    ]);
  });

  it('mark a restart in the stream of a relay, and pale the blocks that it discards', () => {
    const sample = new Sample().head().start().text_(0, 'one two', 100).wait(500);
    sample.event('millrace.restart', { index: 0 }).text_(0, 'three', 100).stop().end();
    const restarted = only(sample.text);
    const [, again] = restarted.first.blocks;
    const at = restarted.first.times[again?.from as number];
    expect(linesOf(restarted)).toContainEqual({ at, color: 'block-thinking', dash: [2, 4] });
    expect(barsOf(restarted, 'blocks')).toMatchObject([
      { from: 0, color: 'block-text', alpha: 0.35 },
      { from: at, color: 'block-text', alpha: 1 },
    ]);
  });

  it('are where each block was discarded, over several recoveries', () => {
    const part = (attempt: number): Sample =>
      new Sample(sent({}, attempt, attempt * 1_000)).wait(200).head().start();
    const files = [
      // Its text is continued by the second request, and is one block of the message with that.
      part(1).event('content_block_start', {
        index: 0,
        content_block: { type: 'text', text: 'a' },
      }),
      part(2).text_(0, 'b', 10).tool(1, 'look', {}),
      part(3).note('restart', { index: 1 }).tool(0, 'look', {}),
      part(4).note('restart', { index: 1 }).tool(0, 'look', {}).stop('tool_use'),
    ].map((sample, at) => [`${at}.jsonl`, sample.end(at < 3 ? 'broken' : 'complete').text]);
    const [call] = callsIn(Object.fromEntries(files)) as [Call];
    const tools = call.attempts.flatMap(({ blocks }) => blocks.filter(({ isJson }) => isJson));
    expect([...discardsOf(call)].map(([block, { at }]) => [tools.indexOf(block), at])).toEqual([
      [0, 2_200],
      [1, 3_200],
    ]);
  });

  it('mark a restart that a client noted, and pale the blocks of the requests before', () => {
    const error = { name: 'APIConnectionError', message: 'lost' };
    const broken = new Sample(sent({})).head().start().text_(0, 'kept', 100).tool(1, 'look', {});
    broken.end('broken').note('recover', { attempt: 1, mode: 'continue', error });
    const rest = new Sample(sent({}, 2, 1_000)).wait(200).head().start();
    rest.note('restart', { index: 1 }).tool(0, 'look', {}).stop('tool_use').end();
    const [restarted] = callsIn({ '1.jsonl': broken.text, '2.jsonl': rest.text });
    expect(linesOf(restarted as Call)).toContainEqual({
      ...{ at: 1_200, color: 'block-thinking', dash: [2, 4] },
    });
    expect(barsOf(restarted as Call, 'blocks')).toMatchObject([
      { color: 'block-text', alpha: 1 },
      { color: 'block-tool', alpha: 0.35 },
      { color: 'block-tool', alpha: 1 },
    ]);
    expect(told(restarted as Call).sentence).toMatch(
      /; 1 recovery after APIConnectionError, which discarded 1 block; complete/,
    );
  });
});

it('draws each request: pale while it waits, red where it was refused', () => {
  const [call] = callsIn(retried());
  expect(barsOf(call as Call, 'requests')).toMatchObject([
    { from: 0, to: 210, color: 'bad', alpha: 0.25 },
    { from: 210, color: 'bad', alpha: 1 },
    { from: 990, to: 1_200, color: 'bad', alpha: 0.25 },
    { from: 1_200, color: 'bad', alpha: 1 },
    { from: 2_600, to: 3_080, color: 'accent', alpha: 0.25 },
    { from: 3_080, color: 'accent', alpha: 1 },
    { from: 6_450, to: 6_860, color: 'accent', alpha: 0.25 },
    { from: 6_860, color: 'accent', alpha: 1 },
  ]);
});

it('draws when the program did not read, and the tools that ran', () => {
  const [call] = callsIn(retried());
  const away = (call as Call).last.notes.find(({ name }) => name === 'read')?.at as number;
  expect(barsOf(call as Call, 'reader')).toContainEqual({
    ...{ from: 6_450 + away - 2_400, to: 6_450 + away, color: 'warn', alpha: 1 },
  });
  expect(barsOf(call as Call, 'tools')).toMatchObject([{ color: 'block-tool' }]);
  expect(barsOf(only(searched()), 'tools')).toMatchObject([{ color: 'block-result' }]);
  expect(textsOf(only(searched()))).toEqual(expect.arrayContaining(['web_search', 'not recorded']));
});

it('shades a silence with its length and its pings', () => {
  const { shapes, layout } = shapesOf(only(stalled()));
  const [shade, ...more] = drawn(shapes, 'bar').filter(({ alpha }) => alpha === 0.14);
  expect(more).toEqual([]);
  expect(shade?.color).toBe('warn');
  expect(layout.time(shade?.x ?? 0) + 31_100).toBeCloseTo(
    layout.time((shade?.x ?? 0) + (shade?.width ?? 0)),
  );
  expect(textsOf(only(stalled()))).toContain('31 s · 3 pings');
  expect(drawn(shapes, 'dot')).toHaveLength(4);
});

describe('the end', () => {
  const begun = (): Sample => new Sample().head().start().text_(0, 'one', 10);
  // biome-ignore format: a table
  const CASES: readonly [outcome: string, color: string, sample: Sample][] = [
    ['complete', 'good', begun().stop().end()],
    ['StreamTruncatedError', 'bad', begun().end()],
    ['client left', 'warn', begun().end('left')],
  ];

  it.each(CASES)('%s is %s', (outcome, color, sample) => {
    const call = only(sample.text);
    const at = call.last.end?.at as number;
    expect(linesOf(call)).toEqual([{ at, color, dash: [] }]);
    expect(textsOf(call)).toContain(outcome);
  });

  it.each([
    [1_000, 'beside its last request'],
    [390, 'before it, where there is no room'],
  ])('on %i pixels is named %s', (width) => {
    const [call] = callsIn(retried()) as [Call];
    const { shapes, layout } = shapesOf(call, { from: 0, to: call.end * 1.02 }, width);
    const { top, height } = layout.lane('requests');
    const end = drawn(shapes, 'line').at(-1)?.x as number;
    const name = drawn(shapes, 'text').find(({ text }) => text === 'complete');
    const isBeside = (name?.y ?? 0) > top && (name?.y ?? 0) < top + height;
    expect([(name?.x ?? 0) > end, isBeside]).toEqual(width === 390 ? [false, false] : [true, true]);
  });

  it('of a call that goes on is not drawn', () => {
    expect(linesOf(only(begun().text))).toEqual([]);
  });
});

it('draws only what is in the view', () => {
  const { shapes, layout } = shapesOf(only(stalled()), { from: 20_000, to: 30_000 });
  const events = layout.lane('events');
  const marks = drawn(shapes, 'bar').filter(({ y, color }) => y > events.top && color === 'text');
  const pings = drawn(shapes, 'dot');
  expect(pings).toHaveLength(1);
  expect(marks.map(({ x }) => Math.abs(x - (pings[0]?.x ?? 0)) < 2)).toEqual([true]);
});
