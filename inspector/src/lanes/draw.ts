import type { Call } from '../call/call.js';
import { endOf, type Facts } from '../call/facts.js';
import { limitsOf } from '../call/limits.js';
import { silencesOf } from '../call/silence.js';
import { toDuration } from '../show/duration.js';
import { drawBlocks, drawReader, drawRequests, drawTools } from './draw-bars.js';
import { drawBytes, drawEvents } from './draw-density.js';
import { AXIS, LANES, type Layout, ticksOf } from './layout.js';
import type { Palette } from './palette.js';

/** What all drawing needs. */
export interface Sheet {
  readonly ctx: CanvasRenderingContext2D;
  readonly layout: Layout;
  readonly colors: Palette;
  readonly call: Call;
  readonly facts: Facts;
}

/** Everything but the cursor. */
export function drawLanes(sheet: Sheet): void {
  const { ctx, layout } = sheet;
  ctx.clearRect(0, 0, layout.width, layout.height);
  ctx.font = '11px system-ui, sans-serif';
  ctx.textBaseline = 'middle';
  drawGrid(sheet);
  ctx.save();
  ctx.beginPath();
  ctx.rect(layout.left, 0, layout.width - layout.left, layout.height);
  ctx.clip();
  drawSilences(sheet);
  drawRequests(sheet);
  drawBytes(sheet);
  drawEvents(sheet);
  drawBlocks(sheet);
  drawReader(sheet);
  drawTools(sheet);
  drawLimits(sheet);
  drawEnd(sheet);
  ctx.restore();
}

function drawGrid({ ctx, layout, colors, call }: Sheet): void {
  const { left, width, height, x } = layout;
  for (const [name] of LANES) {
    const { top, height } = layout.lane(name);
    ctx.fillStyle = colors.lane;
    ctx.fillRect(left, top, width - left, height);
    if (left < 40) continue;
    ctx.fillStyle = colors.dim;
    ctx.textAlign = 'left';
    ctx.fillText(name, 12, top + height / 2);
  }
  ctx.textAlign = 'center';
  for (const at of ticksOf(layout)) {
    ctx.fillStyle = colors.line;
    ctx.fillRect(Math.round(x(at)), AXIS, 1, height - AXIS);
    ctx.fillStyle = colors.dim;
    const label = call.isTimed ? toDuration(at) : `event ${at}`;
    if (x(at) > left + 24 || at === 0) ctx.fillText(label, Math.max(x(at), left + 14), AXIS / 2);
  }
}

function drawSilences({ ctx, layout, colors, call }: Sheet): void {
  const { top } = layout.lane('bytes');
  const bottom = layout.height - 6;
  for (const { from, to, pings } of silencesOf(call)) {
    const left = layout.x(from);
    const width = layout.x(to) - left;
    ctx.globalAlpha = 0.14;
    ctx.fillStyle = colors.warn;
    ctx.fillRect(left, top, width, bottom - top);
    ctx.globalAlpha = 1;
    const label = `${toDuration(to - from)}${pings > 0 ? ` · ${pings} pings` : ''}`;
    if (width < ctx.measureText(label).width + 12) continue;
    ctx.fillStyle = colors.warn;
    ctx.textAlign = 'center';
    ctx.fillText(label, left + width / 2, top + 10);
  }
}

/** When a clock of the client would end the call. */
function drawLimits({ ctx, layout, colors, call }: Sheet): void {
  for (const { name, at } of limitsOf(call)) {
    if (at > layout.view.to) continue;
    drawLine(ctx, layout, at, colors.bad, [4, 4]);
    ctx.textAlign = 'right';
    ctx.fillText(`${name} limit`, layout.x(at) - 6, layout.lane('events').top - 5);
  }
}

function drawEnd({ ctx, layout, colors, call, facts }: Sheet): void {
  if (facts.state === 'running' || !call.isTimed) return;
  const color = { complete: colors.good, failed: colors.bad, left: colors.warn }[facts.state];
  drawLine(ctx, layout, endOf(call), color, []);
  drawLabel(ctx, layout, endOf(call), facts.outcome);
}

/** A line through all lanes, in the color that is set for what follows too. */
export function drawLine(
  ctx: CanvasRenderingContext2D,
  { x, height }: Layout,
  at: number,
  color: string,
  dash: number[],
): void {
  ctx.strokeStyle = ctx.fillStyle = color;
  ctx.lineWidth = 1.5;
  ctx.setLineDash(dash);
  ctx.beginPath();
  ctx.moveTo(x(at), AXIS);
  ctx.lineTo(x(at), height - 4);
  ctx.stroke();
  ctx.setLineDash([]);
}

function drawLabel(
  ctx: CanvasRenderingContext2D,
  { x, width, height, lane }: Layout,
  at: number,
  text: string,
): void {
  const requests = lane('requests');
  const isLeft = x(at) + ctx.measureText(text).width + 10 > width;
  ctx.textAlign = isLeft ? 'right' : 'left';
  // Nothing of the call follows its last request there; tools may run on.
  const y = isLeft ? height - 12 : requests.top + requests.height / 2;
  ctx.fillText(text, x(at) + (isLeft ? -8 : 8), y);
}
