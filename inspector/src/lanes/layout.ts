import type { View } from '../store.js';

/** The lanes from top to bottom, with their heights in pixels. */
export const LANES = [
  ['requests', 20],
  ['bytes', 36],
  ['events', 22],
  ['blocks', 22],
  ['reader', 12],
  ['tools', 16],
] as const;

export type LaneName = (typeof LANES)[number][0];

export const AXIS = 26;
const GAP = 10;
const OUTCOME = 136;

/** Where things are drawn, in CSS pixels. */
export interface Layout {
  readonly width: number;
  readonly height: number;
  /** The left edge of the time axis. */
  readonly left: number;
  readonly view: View;
  readonly x: (time: number) => number;
  readonly time: (x: number) => number;
  readonly lane: (name: LaneName) => { readonly top: number; readonly height: number };
}

export const HEIGHT: number = LANES.reduce((sum, [, height]) => sum + height + GAP, AXIS + 4);

export function toLayout(width: number, view: View): Layout {
  const isNarrow = width < 560;
  const left = isNarrow ? 10 : 84;
  // On the right the outcome is named, where the cursor at the end is not in its way.
  const room = Math.max(1, width - left - (isNarrow ? 10 : OUTCOME));
  const span = view.to - view.from;
  const tops = new Map<LaneName, { top: number; height: number }>();
  let top = AXIS + 6;
  for (const [name, height] of LANES) {
    tops.set(name, { top, height });
    top += height + GAP;
  }
  return {
    ...{ width, height: HEIGHT, left, view },
    x: (time) => left + ((time - view.from) / span) * room,
    time: (x) => view.from + ((x - left) / room) * span,
    lane: (name) => tops.get(name) as { top: number; height: number },
  };
}

/** Round times for an axis, some 90 pixels apart. */
export function ticksOf({ view, width, left }: Layout): number[] {
  const most = Math.max(2, (width - left) / 90);
  const rough = (view.to - view.from) / most;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = ([1, 2, 5, 10].find((factor) => factor * power >= rough) ?? 10) * power;
  const ticks: number[] = [];
  for (let at = Math.ceil(view.from / step) * step; at <= view.to; at += step) ticks.push(at);
  return ticks;
}
