import { html } from 'htm/preact';
import type { VNode } from 'preact';
import { JsonReader } from '../../../src/json/json-reader.js';
import type { Call } from '../call/call.js';
import type { Attempt } from '../recording/attempt.js';
import type { BlockTrack } from '../recording/block-track.js';
import { useStore } from '../store.js';

/** The message as it was at the cursor: what each request has brought by then. */
export function MessagePane({ call }: { call: Call }): VNode {
  const { seen } = useStore();
  const parts = call.attempts
    .map((attempt, number) => ({ attempt, number, seen: call.seenOf(attempt, seen) }))
    .filter(({ seen, attempt }) => blocksAt(attempt, seen).length > 0);
  return html`<section class="pane message" aria-label="Message at the cursor">
    <h2>Message at the cursor</h2>
    <div class="scroll" tabindex="0">
      ${parts.length === 0 && html`<p class="dim">No content yet.</p>`}
      ${parts.map(
        ({ attempt, number, seen }, at) => html`
          ${at > 0 && html`<p class="seam">request ${number + 1} continues</p>`}
          ${blocksAt(attempt, seen).map((block) => html`<${Block} key=${`${number} ${block.from}`} block=${block} seen=${seen} />`)}
        `,
      )}
    </div>
  </section>`;
}

function blocksAt({ blocks }: Attempt, seen: number): BlockTrack[] {
  return blocks.filter(({ from }) => from < seen);
}

function Block({ block, seen }: { block: BlockTrack; seen: number }): VNode {
  const isOpen = block.to === undefined || block.to >= seen;
  const isDiscarded = block.discardedAt !== undefined && block.discardedAt < seen;
  const state = isDiscarded ? 'discarded' : isOpen ? 'open' : '';
  return html`<article class="block is-${block.family} ${isDiscarded ? 'is-discarded' : ''}">
    <h3>
      <span class="number">${block.index}</span> ${block.start.type}
      ${block.label !== block.start.type && html`<code>${block.label}</code>`}
      ${state !== '' && html`<span class="state">${state}</span>`}
    </h3>
    <pre>${contentAt(block, seen)}${isOpen && !isDiscarded && html`<span class="caret"></span>`}</pre>
  </article>`;
}

/** Longer content is shown from its end back: there it grows. */
const MOST_SHOWN = 20_000;

/** A longer input is not parsed with each move of the cursor. */
const MOST_PARSED = 100_000;

function contentAt(block: BlockTrack, seen: number): string {
  const text = block.textAt(seen);
  if (block.isJson) return tail(text === '' ? pretty(block.start.input ?? {}) : prettyPart(text));
  if (block.family !== 'result') return tail(text || textOf(block.start));
  const { type: _, ...fields } = block.start;
  return tail(pretty(fields));
}

function textOf({ type, text, thinking, data }: BlockTrack['start']): string {
  const found = text ?? thinking ?? (type === 'redacted_thinking' ? data : '');
  return typeof found === 'string' ? found : '';
}

/** The value of JSON that may not be whole, as the client shows it. */
function prettyPart(json: string): string {
  if (json.length > MOST_PARSED) return json;
  const reader = new JsonReader();
  reader.feed(json);
  return reader.status === 'invalid' ? json : pretty(reader.value);
}

const pretty = (value: unknown): string => JSON.stringify(value, null, 2) ?? '';

function tail(text: string): string {
  if (text.length <= MOST_SHOWN) return text;
  return `… ${(text.length - MOST_SHOWN).toLocaleString('en')} characters before\n${text.slice(-MOST_SHOWN)}`;
}
