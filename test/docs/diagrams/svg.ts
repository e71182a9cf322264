/*
 * The few shapes that the diagrams of the docs are made of. They have a white background of their own, since
 * they also appear in places that don't tell an image about a dark theme.
 */

export const INK = '#1f2328';
export const GREY = '#656d76';
export const FAINT = '#d0d7de';
export const BLUE = '#0969da';
export const GREEN = '#1a7f37';
export const RED = '#cf222e';
export const AMBER = '#9a6700';
export const PURPLE = '#8250df';

const SIZE = 13;
/** Of a monospaced font, in parts of its size. */
const CHARACTER = 0.602;

export interface TextStyle {
  fill?: string;
  size?: number;
  anchor?: 'start' | 'middle' | 'end';
  bold?: boolean;
  mono?: boolean;
}

export function text(x: number, y: number, content: string, style: TextStyle = {}): string {
  const { fill = INK, size = SIZE, anchor = 'start', bold = false, mono = false } = style;
  const family = mono ? ' font-family="ui-monospace, Menlo, Consolas, monospace"' : '';
  const weight = bold ? ' font-weight="600"' : '';
  return `<text x="${x}" y="${y}" fill="${fill}" font-size="${size}" text-anchor="${anchor}"${family}${weight} xml:space="preserve">${escaped(content)}</text>`;
}

export interface BoxStyle {
  stroke?: string;
  fill?: string;
  dashed?: boolean;
  radius?: number;
}

export function box(
  x: number,
  y: number,
  width: number,
  height: number,
  style: BoxStyle = {},
): string {
  const { stroke = FAINT, fill = 'none', dashed = false, radius = 5 } = style;
  const dash = dashed ? ' stroke-dasharray="4 3"' : '';
  return `<rect x="${x}" y="${y}" width="${width}" height="${height}" rx="${radius}" fill="${fill}" stroke="${stroke}"${dash}/>`;
}

export function line(
  [x1, y1]: readonly [number, number],
  [x2, y2]: readonly [number, number],
  { stroke = FAINT, dashed = false, width = 1.5, arrow = false } = {},
): string {
  const dash = dashed ? ' stroke-dasharray="4 3"' : '';
  const head = arrow ? ` marker-end="url(#arrow-${stroke.slice(1)})"` : '';
  return `<path d="M${x1} ${y1} L${x2} ${y2}" fill="none" stroke="${stroke}" stroke-width="${width}"${dash}${head}/>`;
}

/** How wide a chip with this text is. */
export function chipWidth(content: string): number {
  return Math.round(content.length * SIZE * CHARACTER) + 12;
}

/** A piece of text in a small box, whose top left corner is given. */
export function chip(x: number, y: number, content: string, colour: string = BLUE): string {
  return [
    box(x, y, chipWidth(content), 24, { stroke: colour, fill: `${colour}14` }),
    text(x + 6, y + 16.5, content, { mono: true, fill: INK }),
  ].join('\n');
}

/** @param title what a screen reader says. */
export function drawing(
  width: number,
  height: number,
  title: string,
  parts: readonly string[],
): string {
  const colours = [INK, GREY, FAINT, BLUE, GREEN, RED, AMBER, PURPLE];
  const arrows = colours.map(
    (colour) =>
      `<marker id="arrow-${colour.slice(1)}" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto"><path d="M0 0 L8 4 L0 8 z" fill="${colour}"/></marker>`,
  );
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-label="${escaped(title)}" font-family="system-ui, -apple-system, 'Segoe UI', Roboto, sans-serif">`,
    `<defs>${arrows.join('')}</defs>`,
    box(0.5, 0.5, width - 1, height - 1, { fill: '#ffffff', radius: 8 }),
    ...parts,
    '</svg>',
    '',
  ].join('\n');
}

function escaped(content: string): string {
  return content.replace(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`);
}
