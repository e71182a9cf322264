import { html } from 'htm/preact';
import type { RefObject, VNode } from 'preact';
import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import type { Call } from '../call/call.js';
import { factsOf } from '../call/facts.js';
import { toDuration } from '../show/duration.js';
import { type Store, useCursor } from '../store.js';
import { shownTheme } from '../theme.js';
import { drawLanes } from './draw.js';
import { HEIGHT, type Layout, toLayout } from './layout.js';
import { readPalette } from './palette.js';

/** All that happened on one time axis. The cursor is a slider: what it passes is shown below. */
export function Lanes({ call }: { call: Call }): VNode {
  const store = useCursor();
  const { seen, view } = store;
  const box = useRef<HTMLDivElement>(null);
  const width = useWidth(box);
  const layout = toLayout(width, view);
  const [hover, setHover] = useState<number | undefined>(undefined);
  const lanes = useRef<HTMLCanvasElement>(null);
  useLayoutEffect(() => {
    const ctx = prepare(lanes.current, width);
    if (ctx) drawLanes({ ctx, layout, colors: readPalette(), call, facts: factsOf(call) });
  }, [call, call.version, width, view.from, view.to, shownTheme(), devicePixelRatio]);
  const at = call.times[seen - 1] ?? 0;
  const place = call.isTimed ? `${toDuration(at)}, ` : '';
  return html`<div class="lanes-box">
    <div
      class="lanes"
      ref=${box}
      style=${{ height: `${HEIGHT}px` }}
      role="slider"
      tabindex="0"
      aria-label="Event"
      aria-valuemin="0"
      aria-valuemax=${call.count}
      aria-valuenow=${seen}
      aria-valuetext=${`${place}event ${seen} of ${call.count}`}
      ...${pointerHandlers(store, call, layout, setHover)}
    >
      <canvas ref=${lanes} aria-hidden="true"></canvas>
      ${hover !== undefined && html`<${Mark} name="hover" x=${hover} />`}
      ${isShown(layout, at) && html`<${Mark} name="cursor" x=${layout.x(at)} />`}
    </div>
    <div class="lanes-tools">
      <output>${`${place}event ${seen} of ${call.count}`}</output>
      <button type="button" class="icon" aria-label="Zoom in" title="Zoom in (+)" onClick=${() => store.zoom(0.5, at)}>+</button>
      <button type="button" class="icon" aria-label="Zoom out" title="Zoom out (−)" onClick=${() => store.zoom(2, at)}>−</button>
      <button type="button" disabled=${!store.isZoomed} title="Show all (0)" onClick=${() => store.zoom(Infinity, at)}>All</button>
    </div>
  </div>`;
}

function useWidth(box: RefObject<HTMLElement | null>): number {
  const [width, setWidth] = useState(800);
  useLayoutEffect(() => {
    const { current } = box;
    if (current === null) return;
    const observer = new ResizeObserver(() => setWidth(current.clientWidth));
    setWidth(current.clientWidth);
    observer.observe(current);
    return () => observer.disconnect();
  }, [box]);
  return width;
}

/** A canvas as sharp as the screen. */
function prepare(
  canvas: HTMLCanvasElement | null,
  width: number,
): CanvasRenderingContext2D | undefined {
  const ctx = canvas?.getContext('2d');
  if (!canvas || !ctx) return undefined;
  const scale = devicePixelRatio || 1;
  const size = [Math.round(width * scale), Math.round(HEIGHT * scale)] as const;
  if (canvas.width !== size[0] || canvas.height !== size[1]) [canvas.width, canvas.height] = size;
  ctx.setTransform(scale, 0, 0, scale, 0, 0);
  return ctx;
}

/** A line over the lanes. It is no part of the drawing, which is the same wherever it stands. */
function Mark({ name, x }: { name: string; x: number }): VNode {
  return html`<div
    class=${`mark is-${name}`}
    style=${{ transform: `translateX(${Math.round(x)}px)` }}
  ></div>`;
}

function isShown({ view }: Layout, time: number): boolean {
  return time >= view.from && time <= view.to;
}

function pointerHandlers(
  store: Store,
  call: Call,
  layout: Layout,
  setHover: (x: number | undefined) => void,
): object {
  const xOf = ({ currentTarget, clientX }: PointerEvent | WheelEvent): number =>
    clientX - (currentTarget as Element).getBoundingClientRect().left;
  const seek = (event: PointerEvent): void => store.see(call.seenAt(layout.time(xOf(event))));
  return {
    onPointerDown: (event: PointerEvent) => {
      (event.currentTarget as Element).setPointerCapture(event.pointerId);
      seek(event);
    },
    onPointerMove: (event: PointerEvent) => {
      if (event.buttons > 0) seek(event);
      setHover(Math.max(layout.left, xOf(event)));
    },
    onPointerLeave: () => setHover(undefined),
    onDblClick: (event: PointerEvent) => store.zoom(0.4, layout.time(xOf(event))),
    onWheel: (event: WheelEvent) => {
      const isZoom = event.ctrlKey || event.metaKey;
      const sideways = event.shiftKey ? event.deltaY || event.deltaX : event.deltaX;
      if (isZoom) store.zoom(Math.exp(event.deltaY / 200), layout.time(xOf(event)));
      else if (sideways !== 0 && store.isZoomed) {
        store.pan((sideways / layout.width) * (layout.view.to - layout.view.from));
      } else return;
      event.preventDefault();
    },
  };
}
