import { html } from 'htm/preact';
import type { VNode } from 'preact';
import type { Call } from '../call/call.js';
import { toClock } from '../show/duration.js';
import { useWindow } from '../show/use-window.js';
import { store, useCursor } from '../store.js';

const ROW = 24;

/** All events as they were received, and the one at the cursor in full. */
export function EventsTab({ call }: { call: Call }): VNode {
  const { seen } = useCursor();
  const { count } = call;
  const { ref, first, last } = useWindow<HTMLDivElement>(count, ROW, Math.max(0, seen - 1));
  const rows = Array.from({ length: Math.max(0, last - first) }, (_, at) => first + at);
  return html`
    <div class="rows scroll" ref=${ref} tabindex="0" aria-label="Events">
      <div style=${{ height: `${count * ROW}px` }}>
        <ol style=${{ transform: `translateY(${first * ROW}px)` }}>
          ${rows.map((at) => html`<${Row} key=${at} call=${call} at=${at} isSelected=${at === seen - 1} />`)}
        </ol>
      </div>
    </div>
    <pre class="detail scroll" tabindex="0" aria-label="Event at the cursor">${seen === 0 ? '' : detailOf(call, seen - 1)}</pre>
  `;
}

function Row({
  call,
  at,
  isSelected,
}: {
  call: Call;
  at: number;
  isSelected: boolean;
}): VNode | null {
  const { attempt, number } = call.placeOf(at);
  const event = attempt.events[number];
  if (event === undefined) return null;
  const time = call.isTimed ? toClock(event.at + call.offsetOf(attempt)) : `${at + 1}`;
  const name = event.event || 'message';
  const isPing = attempt.pings.has(number);
  return html`<li class="${isSelected ? 'is-selected' : ''} ${isPing ? 'is-ping' : ''}" onClick=${() => store.see(at + 1)}>
    <span class="time">${time}</span>
    <span class="name">${name.startsWith(COMMON) && html`<span class="common">${COMMON}</span>`}${name.replace(COMMON, '')}</span>
    <span class="data">${summaryOf(event.data)}</span>
  </li>`;
}

/** What the names of most events begin with: a narrow page leaves it out. */
const COMMON = 'content_';

/** What an event says, without the fields that its name tells. */
function summaryOf(data: string): string {
  const text = data.length > 400 ? data.slice(0, 400) : data;
  const delta = /"(?:text|thinking|partial_json)":("(?:[^"\\]|\\.)*")/.exec(text)?.[1];
  return text.includes('content_block_delta') && delta !== undefined
    ? delta
    : text.replace(/^\{\s*"type"\s*:\s*"[^"]*"\s*,?\s*/, '{');
}

const MOST_SHOWN = 50_000;

function detailOf(call: Call, at: number): string {
  const { attempt, number } = call.placeOf(at);
  const { data = '' } = attempt.events[number] ?? {};
  const text = prettyJson(data);
  return text.length > MOST_SHOWN ? `${text.slice(0, MOST_SHOWN)}…` : text;
}

function prettyJson(data: string): string {
  try {
    return JSON.stringify(JSON.parse(data), null, 2);
  } catch {
    return data;
  }
}
