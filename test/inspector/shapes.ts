import type { Call } from '../../inspector/src/call/call.js';
import { factsOf } from '../../inspector/src/call/facts.js';
import { drawLanes } from '../../inspector/src/lanes/draw.js';
import { type Layout, toLayout } from '../../inspector/src/lanes/layout.js';
import type { Palette } from '../../inspector/src/lanes/palette.js';
import type { View } from '../../inspector/src/store.js';

/** What was drawn, in the colors' names. */
export type Shape =
  | { kind: 'line'; x: number; color: string; dash: readonly number[] }
  | {
      kind: 'bar';
      x: number;
      y: number;
      width: number;
      height: number;
      color: string;
      alpha: number;
    }
  | { kind: 'dot'; x: number; color: string }
  | { kind: 'text'; x: number; y: number; text: string; color: string };

/** Colors that are their own names. */
const COLORS = new Proxy({}, { get: (_, name) => name }) as Palette;

/** The shapes of a call's lanes, in the order in which they are drawn. */
export function shapesOf(
  call: Call,
  view: View = { from: 0, to: call.end * 1.02 },
  width = 1_000,
): { shapes: Shape[]; layout: Layout } {
  const layout = toLayout(width, view);
  const ctx = new Pencil();
  drawLanes({
    ...{ ctx: ctx as unknown as CanvasRenderingContext2D, layout, call },
    ...{ colors: COLORS, facts: factsOf(call) },
  });
  return { shapes: ctx.shapes, layout };
}

/** A canvas that notes what is drawn on it. */
class Pencil {
  readonly shapes: Shape[] = [];
  fillStyle = '';
  strokeStyle = '';
  globalAlpha = 1;
  #dash: readonly number[] = [];
  #path: Shape | undefined;

  setLineDash(dash: readonly number[]): void {
    this.#dash = dash;
  }

  beginPath(): void {
    this.#path = undefined;
  }

  moveTo(x: number): void {
    this.#path = { kind: 'line', x, color: this.strokeStyle, dash: this.#dash };
  }

  stroke(): void {
    this.#add();
  }

  roundRect(x: number, y: number, width: number, height: number): void {
    const { fillStyle: color, globalAlpha: alpha } = this;
    this.#path = { kind: 'bar', x, y, width, height, color, alpha };
  }

  arc(x: number): void {
    this.#path = { kind: 'dot', x, color: this.fillStyle };
  }

  fill(): void {
    this.#add();
  }

  fillRect(x: number, y: number, width: number, height: number): void {
    this.roundRect(x, y, width, height);
    this.#add();
  }

  fillText(text: string, x: number, y: number): void {
    this.shapes.push({ kind: 'text', x, y, text, color: this.fillStyle });
  }

  measureText(text: string): { width: number } {
    return { width: text.length * 6 };
  }

  save(): void {}
  restore(): void {}
  clip(): void {}
  rect(): void {}
  lineTo(): void {}
  clearRect(): void {}

  #add(): void {
    if (this.#path !== undefined) this.shapes.push(this.#path);
  }
}
