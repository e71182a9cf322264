import { html } from 'htm/preact';
import type { RefObject, VNode } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';
import { JsonReader } from '../../../src/json/json-reader.js';
import type { Call } from '../call/call.js';
import { discardsOf } from '../call/discards.js';
import type { Attempt } from '../recording/attempt.js';
import type { BlockTrack } from '../recording/block-track.js';
import { toCount } from '../show/duration.js';
import { useCursor } from '../store.js';

/** The message as it was at the cursor: what each request has brought by then. */
export function MessagePane({ call }: { call: Call }): VNode {
  const { seen: cursor, isMoving, isFollowing } = useCursor();
  const discards = discardsOf(call);
  const most = isMoving ? MOST_MOVING : MOST_SHOWN;
  const { ref, onScroll } = useEndInSight([call, cursor, most], isFollowing);
  const parts = call.attempts
    .map((attempt, number) => ({ attempt, number, seen: call.seenOf(attempt, cursor) }))
    .filter(({ seen, attempt }) => blocksAt(attempt, seen).length > 0);
  return html`<section class="pane message" aria-label="Message at the cursor">
    <h2>Message at the cursor</h2>
    <div class="scroll" tabindex="0" ref=${ref} onScroll=${onScroll}>
      ${parts.length === 0 && html`<p class="dim">No content yet.</p>`}
      ${parts.map(
        ({ attempt, number, seen }, at) => html`
          ${at > 0 && html`<p class="seam">request ${number + 1} continues</p>`}
          ${blocksAt(attempt, seen).map(
            (block) => html`<${Block}
              key=${`${number} ${block.from}`}
              block=${block}
              seen=${seen}
              most=${most}
              isDiscarded=${(discards.get(block)?.seen ?? Infinity) < cursor}
            />`,
          )}
        `,
      )}
    </div>
  </section>`;
}

function blocksAt({ blocks }: Attempt, seen: number): BlockTrack[] {
  return blocks.filter(({ from }) => from < seen);
}

/**
 * Scrolls to the end, where the message grows.
 * @param isGentle leaves a reader alone who has scrolled up.
 */
function useEndInSight(
  changes: readonly unknown[],
  isGentle: boolean,
): { ref: RefObject<HTMLElement | null>; onScroll: () => void } {
  const ref = useRef<HTMLElement>(null);
  const isAtEnd = useRef(true);
  useLayoutEffect(() => {
    const { current } = ref;
    if (current !== null && (isAtEnd.current || !isGentle)) current.scrollTop = 1e9;
  }, changes);
  const onScroll = (): void => {
    const { scrollTop = 0, scrollHeight = 0, clientHeight = 0 } = ref.current ?? {};
    isAtEnd.current = scrollTop + clientHeight > scrollHeight - 24;
  };
  return { ref, onScroll };
}

interface BlockProperties {
  readonly block: BlockTrack;
  readonly seen: number;
  /** How much of it is shown, in characters. */
  readonly most: number;
  readonly isDiscarded: boolean;
}

function Block({ block, seen, most, isDiscarded }: BlockProperties): VNode {
  const isOpen = block.to === undefined || block.to >= seen;
  const state = isDiscarded ? 'discarded' : isOpen ? 'open' : '';
  return html`<article class="block is-${block.family} ${isDiscarded ? 'is-discarded' : ''}">
    <h3>
      <span class="number">${block.index}</span> ${block.start.type}
      ${block.label !== block.start.type && html`<code>${block.label}</code>`}
      ${state !== '' && html`<span class="state">${state}</span>`}
    </h3>
    <pre>${contentAt(block, seen, most)}${isOpen && !isDiscarded && html`<span class="caret"></span>`}</pre>
  </article>`;
}

/** Longer content is shown from its end back: there it grows. */
const MOST_SHOWN = 20_000;

/** The same while the cursor moves: each frame lays it out again. */
const MOST_MOVING = 4_000;

/** A longer input is not parsed with each move of the cursor. */
const MOST_PARSED = 100_000;

function contentAt(block: BlockTrack, seen: number, most: number): string {
  const text = block.textAt(seen);
  if (block.isJson)
    return tail(text === '' ? pretty(block.start.input ?? {}) : prettyPart(text), most);
  if (block.family !== 'result') return tail(text || textOf(block.start), most);
  const { type: _, ...fields } = block.start;
  return tail(pretty(fields), most);
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

function tail(text: string, most: number): string {
  if (text.length <= most) return text;
  // Not in the middle of a word, or of a character of two units.
  const from = text.length - most + text.slice(-most).search(/\s/) + 1;
  return `… ${toCount(from)} characters before\n${text.slice(from)}`;
}
