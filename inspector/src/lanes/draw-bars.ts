import { discardsOf } from '../call/discards.js';
import { awayOf } from '../call/silence.js';
import type { Attempt } from '../recording/attempt.js';
import type { BlockTrack } from '../recording/block-track.js';
import { drawLine, type Sheet } from './draw.js';
import type { LaneName } from './layout.js';

interface Bar {
  readonly from: number;
  readonly to: number;
  readonly color: string;
  readonly label?: string;
  readonly alpha?: number;
  /** Which of several rows of a lane, and how many there are. */
  readonly row?: number;
  readonly rows?: number;
}

function drawBar({ ctx, layout, colors }: Sheet, name: LaneName, bar: Bar): void {
  const { from, to, color, label, alpha = 1, row = 0, rows = 1 } = bar;
  const lane = layout.lane(name);
  const height = lane.height / rows;
  const top = lane.top + row * height;
  const left = layout.x(from);
  const width = Math.max(2, layout.x(to) - left - 1);
  ctx.globalAlpha = alpha;
  ctx.fillStyle = color;
  ctx.beginPath();
  ctx.roundRect(left, top, width, height - (rows > 1 ? 1 : 0), Math.min(4, width / 2, height / 2));
  ctx.fill();
  ctx.globalAlpha = 1;
  if (label === undefined || height < 12) return;
  // A bar that begins before the view has its label where the view begins.
  const start = Math.max(left, layout.left) + 6;
  const room = left + width - start - 4;
  if (room < 18) return;
  ctx.fillStyle = alpha < 0.5 ? colors.text : '#fff';
  ctx.textAlign = 'left';
  ctx.fillText(fitted(ctx, label, room), start, top + height / 2 + 0.5);
}

function fitted(ctx: CanvasRenderingContext2D, text: string, room: number): string {
  const most = Math.floor(room / 5);
  if (ctx.measureText(text.slice(0, most + 20)).width <= room && text.length <= most + 20)
    return text;
  let shown = text.slice(0, most);
  while (shown !== '' && ctx.measureText(`${shown}…`).width > room) shown = shown.slice(0, -1);
  return shown === '' ? '' : `${shown}…`;
}

/** Waiting for headers is pale. Another request begins at a seam. */
export function drawRequests(sheet: Sheet): void {
  const { call, colors, ctx, layout } = sheet;
  call.attempts.forEach((attempt, number) => {
    const offset = call.offsetOf(attempt);
    const end = call.isTimed ? (attempt.end?.at ?? attempt.lastAt) : attempt.events.length;
    const headers = attempt.responseAt ?? attempt.chunks[0]?.at ?? end;
    const { status } = attempt.response ?? {};
    const isBad = status === undefined ? attempt.end !== undefined : status >= 300;
    const color = isBad ? colors.bad : colors.accent;
    if (number > 0) drawLine(ctx, layout, offset, seamColor(sheet, number), [2, 4]);
    if (call.isTimed && headers > 0) {
      drawBar(sheet, 'requests', {
        from: offset,
        to: offset + headers,
        color,
        alpha: 0.25,
        label: 'waiting',
      });
    }
    const label = attempt.request === undefined ? 'events' : `HTTP ${status ?? 'failed'}`;
    drawBar(sheet, 'requests', { from: offset + headers, to: offset + end, color, label });
  });
}

/** A request for the rest of a message is a seam in the message, a retry is none. */
function seamColor({ call, colors }: Sheet, number: number): string {
  const { notes } = call.attempts[number - 1] as Attempt;
  return notes.some(({ name }) => name === 'recover') ? colors['block-thinking'] : colors.dim;
}

export function drawBlocks(sheet: Sheet): void {
  const { call, colors, layout, ctx } = sheet;
  const discards = discardsOf(call);
  for (const attempt of call.attempts) {
    const offset = call.offsetOf(attempt);
    const rows = rowsOf(attempt.blocks);
    const count = Math.min(3, Math.max(1, ...rows.map((row) => row + 1)));
    attempt.blocks.forEach((block, at) => {
      const { from, to, family, label, index } = block;
      const time = (event: number | undefined): number =>
        offset + (attempt.times[event ?? -1] ?? attempt.end?.at ?? attempt.lastAt);
      drawBar(sheet, 'blocks', {
        from: time(from),
        to: call.isTimed ? time(to) : offset + (to ?? attempt.events.length) + 1,
        color: colors[`block-${family}`],
        label: `${index} ${label}`,
        alpha: discards.has(block) ? 0.35 : 1,
        row: Math.min(rows[at] as number, count - 1),
        rows: count,
      });
    });
  }
  for (const at of new Set([...discards.values()].map(({ at }) => at))) {
    drawLine(ctx, layout, at, colors['block-thinking'], [2, 4]);
  }
}

/** Blocks that are open at the same time are drawn below each other. */
function rowsOf(blocks: readonly BlockTrack[]): number[] {
  const ends: number[] = [];
  return blocks.map(({ from, to }) => {
    const free = ends.findIndex((end) => end <= from);
    const row = free === -1 ? ends.length : free;
    ends[row] = to ?? Infinity;
    return row;
  });
}

/** When the program asked for more, and when it did not. */
export function drawReader(sheet: Sheet): void {
  const { call, colors, ctx, layout } = sheet;
  if (!call.attempts.some(({ sent }) => sent !== undefined)) {
    const { top, height } = layout.lane('reader');
    ctx.fillStyle = colors.dim;
    ctx.textAlign = 'left';
    ctx.fillText('not recorded', layout.left + 6, top + height / 2);
    return;
  }
  for (const attempt of call.attempts) {
    const offset = call.offsetOf(attempt);
    const [first] = attempt.chunks;
    if (first === undefined) continue;
    const end = attempt.end?.at ?? attempt.lastAt;
    drawBar(sheet, 'reader', {
      from: offset + first.at,
      to: offset + end,
      color: colors.good,
      alpha: 0.55,
    });
    for (const { from, to } of awayOf(attempt)) {
      drawBar(sheet, 'reader', { from: offset + from, to: offset + to, color: colors.warn });
    }
  }
}

/** Tools that ran in the program, and those of the API: from the end of a call to the block that follows. */
export function drawTools(sheet: Sheet): void {
  const { call, colors } = sheet;
  for (const attempt of call.attempts) {
    const offset = call.offsetOf(attempt);
    for (const { name, value, at } of attempt.notes) {
      if (name !== 'tool') continue;
      const color = value.isError ? colors.bad : colors['block-tool'];
      drawBar(sheet, 'tools', {
        from: offset + at - value.ms,
        to: offset + at,
        color,
        label: value.name,
      });
    }
    attempt.blocks.forEach((block, at) => {
      const next = attempt.blocks[at + 1];
      if (!block.start.type.endsWith('_tool_use') || block.to === undefined || !next) return;
      const from = attempt.times[block.to] as number;
      const to = attempt.times[next.from] as number;
      if (to <= from) return;
      const color = colors['block-result'];
      drawBar(sheet, 'tools', { from: offset + from, to: offset + to, color, label: block.label });
    });
  }
}
