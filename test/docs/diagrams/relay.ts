import { BLUE, box, drawing, GREEN, GREY, line, PURPLE, RED, text } from './svg.js';

/** Who writes and who reads a stream that a relay keeps. */
export function drawRelay(): string {
  const entries = Array.from({ length: 9 }, (_, i) => {
    const isTakenOver = i >= 5;
    const x = 262 + i * 28;
    return box(x, 118, 22, 26, {
      stroke: isTakenOver ? PURPLE : BLUE,
      fill: `${isTakenOver ? PURPLE : BLUE}22`,
      radius: 3,
    });
  });
  return drawing(
    760,
    270,
    'Servers append a stream to a log that any server can read and take over',
    [
      node(20, 30, 'Claude API', 'sends the answer', GREY),
      node(170, 190, 'Claude API', 'asked for the rest', GREY),
      node(244, 30, 'server A', 'produces, is killed', RED),
      node(394, 190, 'server B', 'takes over', PURPLE),
      text(262, 108, 'log of the stream (memory, files or Redis)', { fill: GREY, size: 12 }),
      ...entries,
      node(590, 30, 'page', 'reloads, goes on', GREEN),
      node(590, 108, 'second tab', 'joins late', GREEN),
      node(590, 186, 'any Claude client', 'curl, Python, …', GREEN),
      line([174, 53], [240, 53], { stroke: GREY, arrow: true }),
      line([324, 213], [390, 213], { stroke: GREY, arrow: true }),
      line([300, 76], [300, 94], { stroke: BLUE, arrow: true }),
      line([494, 186], [494, 150], { stroke: PURPLE, arrow: true }),
      text(400, 60, '✕', { fill: RED, size: 20, bold: true }),
      ...[54, 131, 208].map((y) => line([520, 131], [586, y], { stroke: GREEN, arrow: true })),
      text(262, 162, 'readers remember their position', {
        fill: GREY,
        size: 12,
      }),
    ],
  );
}

function node(x: number, y: number, name: string, about: string, colour: string): string {
  return [
    box(x, y, 150, 46, { stroke: colour, fill: `${colour}10` }),
    text(x + 10, y + 20, name, { bold: true }),
    text(x + 10, y + 37, about, { fill: GREY, size: 12 }),
  ].join('\n');
}
