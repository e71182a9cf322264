import { DEFAULT_TIMEOUTS } from '../../../src/transport/timeouts.js';
import { AMBER, BLUE, box, drawing, FAINT, GREEN, GREY, line, PURPLE, RED, text } from './svg.js';

type Kind = 'request' | 'headers' | 'ping' | 'content' | 'end';

/** One stream: when something happened, in parts of the width. */
const EVENTS: readonly (readonly [at: number, kind: Kind])[] = [
  [0, 'request'],
  [16, 'headers'],
  [22, 'ping'],
  [29, 'content'],
  [33, 'content'],
  [37, 'content'],
  [46, 'ping'],
  [55, 'ping'],
  [64, 'ping'],
  [73, 'content'],
  [77, 'content'],
  [81, 'content'],
  [85, 'content'],
  [90, 'end'],
];

const LEFT = 150;
const SCALE = 6.2;
const x = (at: number): number => LEFT + at * SCALE;

const COLOURS: Readonly<Record<Kind, string>> = {
  request: GREY,
  headers: BLUE,
  ping: AMBER,
  content: GREEN,
  end: RED,
};

interface Clock {
  name: string;
  limit: string;
  colour: string;
  /** What starts it, and what sets it back or stops it. */
  from: readonly Kind[];
}

const seconds = (ms: number): string => (ms === Infinity ? 'off' : `${ms / 1000} s`);

const CLOCKS: readonly Clock[] = [
  {
    name: 'response',
    limit: seconds(DEFAULT_TIMEOUTS.response),
    colour: BLUE,
    from: ['request', 'headers'],
  },
  {
    name: 'idle',
    limit: seconds(DEFAULT_TIMEOUTS.idle),
    colour: AMBER,
    from: ['headers', 'ping', 'content', 'end'],
  },
  {
    name: 'stall',
    limit: seconds(DEFAULT_TIMEOUTS.stall),
    colour: GREEN,
    from: ['headers', 'content', 'end'],
  },
  {
    name: 'total',
    limit: seconds(DEFAULT_TIMEOUTS.total),
    colour: PURPLE,
    from: ['request', 'end'],
  },
];

/** Which stretches of a stream each of the four clocks measures. */
export function drawClocks(): string {
  const rows = CLOCKS.flatMap(({ name, limit, colour, from }, i) => {
    const y = 92 + i * 36;
    const marks = EVENTS.filter(([, kind]) => from.includes(kind)).map(([at]) => at);
    const spans = marks.slice(1).map((at, n) => [marks[n] as number, at] as const);
    return [
      text(16, y + 16, name, { bold: true }),
      text(136, y + 16, limit, { fill: GREY, anchor: 'end', size: 12 }),
      ...spans.map(([start, end]) =>
        box(x(start) + 1, y + 4, Math.max(2, (end - start) * SCALE - 2), 16, {
          stroke: colour,
          fill: `${colour}22`,
          radius: 3,
        }),
      ),
    ];
  });
  return drawing(760, 246, 'What the clocks response, idle, stall and total measure', [
    line([LEFT, 54], [x(92), 54], { stroke: GREY, arrow: true }),
    ...EVENTS.flatMap(([at, kind]) => [
      line([x(at), 54], [x(at), 232], { stroke: FAINT, width: 0.7, dashed: true }),
      `<circle cx="${x(at)}" cy="54" r="5" fill="${COLOURS[kind]}"/>`,
    ]),
    text(x(0), 36, 'request', { fill: GREY, size: 12, anchor: 'middle' }),
    text(x(16), 36, 'headers', { fill: BLUE, size: 12, anchor: 'middle' }),
    text(x(33), 36, 'content', { fill: GREEN, size: 12, anchor: 'middle' }),
    text(x(55), 36, 'pings only', { fill: AMBER, size: 12, anchor: 'middle' }),
    text(x(79), 36, 'content', { fill: GREEN, size: 12, anchor: 'middle' }),
    text(x(90), 36, 'end', { fill: RED, size: 12, anchor: 'middle' }),
    ...rows,
  ]);
}
