import { html } from 'htm/preact';
import type { VNode } from 'preact';
import { useState } from 'preact/hooks';
import type { Call } from '../call/call.js';
import { toClock, toSize } from '../show/duration.js';
import { toHexDump } from '../show/hex-dump.js';
import { useWindow } from '../show/use-window.js';
import { store, useCursor } from '../store.js';

const ROW = 24;

/** The chunks of the body as they came, and the one at the cursor byte for byte. */
export function BytesTab({ call }: { call: Call }): VNode {
  const { seen } = useCursor();
  const { attempt, number } = call.placeOf(Math.max(0, seen - 1));
  const { chunks, events } = attempt;
  const [chosen, setChosen] = useState<number | undefined>(undefined);
  const ofCursor = events[number]?.chunk ?? 0;
  const current = Math.min(chosen ?? ofCursor, chunks.length - 1);
  const { ref, first, last } = useWindow<HTMLDivElement>(chunks.length, ROW, ofCursor);
  const offset = call.offsetOf(attempt);
  const choose = (at: number): void => {
    setChosen(at);
    // The last event that was whole with this chunk.
    const event = events.findLastIndex(({ chunk }) => chunk <= at);
    store.see(call.seenAt(call.isTimed ? offset + (events[event]?.at ?? 0) : event));
  };
  const rows = chunks.slice(first, last);
  return html`
    <div class="rows scroll" ref=${ref} tabindex="0" aria-label="Chunks">
      <div style=${{ height: `${chunks.length * ROW}px` }}>
        <ol style=${{ transform: `translateY(${first * ROW}px)` }}>
          ${rows.map(
            ({ at, bytes }, row) => html`<li
              key=${first + row}
              class=${first + row === current ? 'is-selected' : ''}
              onClick=${() => choose(first + row)}
            >
              <span class="time">${call.isTimed ? toClock(at + offset) : first + row + 1}</span>
              <span class="name">${toSize(bytes.length)}</span>
              <span class="data">${excerptOf(bytes)}</span>
            </li>`,
          )}
        </ol>
      </div>
    </div>
    <pre class="detail scroll" tabindex="0" aria-label="Bytes of the chunk">${toHexDump(chunks[current]?.bytes ?? NOTHING)}</pre>
  `;
}

const NOTHING = new Uint8Array();
const decoder = new TextDecoder();

/** The start of a chunk in one line. */
function excerptOf(bytes: Uint8Array): string {
  return decoder.decode(bytes.subarray(0, 300)).replaceAll('\r', '␍').replaceAll('\n', '↵');
}
