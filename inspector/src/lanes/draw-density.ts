import type { Attempt } from '../recording/attempt.js';
import { countUpTo } from '../recording/block-track.js';
import type { Sheet } from './draw.js';

/** How much arrived in each column of the lane: one question for each, however many events there are. */
function columnsOf(
  { layout }: Sheet,
  step: number,
  upTo: (time: number) => number,
): { x: number; amount: number }[] {
  const columns: { x: number; amount: number }[] = [];
  let before = upTo(layout.time(layout.left) - 1e-6);
  for (let x = layout.left; x < layout.width; x += step) {
    const now = upTo(layout.time(x + step));
    if (now > before) columns.push({ x, amount: now - before });
    before = now;
  }
  return columns;
}

/** Bars whose heights are the bytes that arrived; the root makes small chunks visible beside large ones. */
export function drawBytes(sheet: Sheet): void {
  const { ctx, layout, colors, call } = sheet;
  const { top, height } = layout.lane('bytes');
  const width = 3;
  const all = call.attempts.map((attempt) => {
    const offset = call.offsetOf(attempt);
    return columnsOf(sheet, width, (time) => {
      const chunks = countUpTo(attempt.chunkTimes, time - offset);
      return attempt.sizes[chunks - 1] ?? 0;
    });
  });
  const columns = all.flat();
  const most = columns.reduce((max, { amount }) => Math.max(max, amount), 1);
  ctx.fillStyle = colors.accent;
  for (const { x, amount } of columns) {
    const tall = Math.max(2, Math.sqrt(amount / most) * height);
    ctx.fillRect(x, top + height - tall, width - 1, tall);
  }
}

/** A tick for each event, as strong as there are many; pings are lower. */
export function drawEvents(sheet: Sheet): void {
  const { ctx, layout, colors, call } = sheet;
  const lane = layout.lane('events');
  for (const attempt of call.attempts) {
    const offset = call.offsetOf(attempt);
    const isBroken = attempt.failure !== undefined && attempt.events.length > 0;
    ctx.fillStyle = colors.text;
    for (const { x, amount } of columnsOf(sheet, 2, (time) =>
      countUpTo(attempt.times, time - offset),
    )) {
      ctx.globalAlpha = Math.min(0.95, 0.35 + amount / 8);
      ctx.fillRect(x, lane.top + 3, 1.5, lane.height - 6);
    }
    ctx.globalAlpha = 1;
    drawPings(sheet, attempt, lane, offset);
    if (isBroken && attempt.end?.end !== 'left') {
      const at = offset + (attempt.times.at(-1) ?? 0);
      ctx.fillStyle = colors.bad;
      ctx.fillRect(layout.x(at) - 1.5, lane.top, 3, lane.height);
    }
  }
}

function drawPings(
  { ctx, layout, colors }: Sheet,
  attempt: Attempt,
  lane: { top: number; height: number },
  offset: number,
): void {
  ctx.fillStyle = colors.warn;
  let last = -Infinity;
  for (const ping of attempt.pings) {
    const x = layout.x(offset + (attempt.times[ping] as number));
    if (x < layout.left || x > layout.width || x - last < 2) continue;
    last = x;
    ctx.beginPath();
    ctx.arc(x, lane.top + lane.height / 2, 2.5, 0, Math.PI * 2);
    ctx.fill();
  }
}
