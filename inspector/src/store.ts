import { useLayoutEffect, useState } from 'preact/hooks';
import type { Call } from './call/call.js';
import { groupCalls } from './call/group-calls.js';
import { RecordedFile } from './recording/recorded-file.js';

/** What part of the time axis is shown. */
export interface View {
  readonly from: number;
  readonly to: number;
}

/** How long after its last move the cursor rests, in milliseconds. */
const REST_MS = 200;

/** All that the page knows. A change is drawn with the next frame. */
export class Store {
  readonly files = new Map<string, RecordedFile>();
  calls: Call[] = [];
  /** Where the files come from: the server of this page. */
  isLive = false;
  #selected: string | undefined;
  /** How many events of the call are shown; undefined for all there are. */
  #seen: number | undefined;
  #view: View | undefined;
  readonly #listeners = new Set<() => void>();
  readonly #cursorListeners = new Set<() => void>();
  #isScheduled = false;
  /** Whether more than the cursor has changed since the last frame. */
  #isNew = false;
  #rest: ReturnType<typeof setTimeout> | undefined;

  get selected(): Call | undefined {
    return this.calls.find(({ id }) => id === this.#selected) ?? this.calls[0];
  }

  get seen(): number {
    const count = this.selected?.count ?? 0;
    return Math.min(this.#seen ?? count, count);
  }

  /** Whether the cursor stays at the end of what arrives. */
  get isFollowing(): boolean {
    return this.#seen === undefined;
  }

  /** Whether the cursor was moved just now, and may move on with the next frame. */
  get isMoving(): boolean {
    return this.#rest !== undefined;
  }

  get view(): View {
    return this.#view ?? { from: 0, to: this.fullView };
  }

  get isZoomed(): boolean {
    return this.#view !== undefined;
  }

  /** The end of the axis, with some room for what stands there. */
  get fullView(): number {
    return Math.max(1, (this.selected?.end ?? 1) * 1.02);
  }

  select(call: Call): void {
    this.#selected = call.id;
    this.#seen = this.#view = undefined;
    this.changed();
  }

  /** The next or previous call of the list. */
  move(by: number): void {
    const { selected } = this;
    const at = selected === undefined ? 0 : this.calls.indexOf(selected) + by;
    const call = this.calls[Math.max(0, Math.min(this.calls.length - 1, at))];
    if (call !== undefined && call !== selected) this.select(call);
  }

  /** Shows the call as it was after so many events. */
  see(seen: number | undefined): void {
    const count = this.selected?.count ?? 0;
    const bounded = seen === undefined ? count : Math.max(0, Math.min(count, seen));
    this.#seen = bounded >= count && seen !== bounded ? undefined : bounded;
    clearTimeout(this.#rest);
    this.#rest = setTimeout(() => {
      this.#rest = undefined;
      this.#schedule();
    }, REST_MS);
    this.#schedule();
  }

  /** Zooms by a factor around a time; Infinity shows all. */
  zoom(factor: number, around: number): void {
    const { from, to } = this.view;
    this.#setView(around - (around - from) * factor, around + (to - around) * factor);
  }

  pan(by: number): void {
    const { from, to } = this.view;
    const moved = Math.max(-from, Math.min(by, this.fullView - to));
    this.#setView(from + moved, to + moved);
  }

  /** Text that was added to a file. */
  add(name: string, text: string): void {
    const file = this.files.get(name) ?? new RecordedFile(name);
    this.files.set(name, file);
    file.push(text);
    this.changed();
  }

  /** A file is to be read again from its start. */
  restart(name: string): void {
    this.files.delete(name);
    this.changed();
  }

  finish(name: string): void {
    this.files.get(name)?.finish();
    this.changed();
  }

  changed(): void {
    this.#isNew = true;
    this.#schedule();
  }

  /** @param isCursor whether the listener wants to know of moves of the cursor, too. */
  onChange(listener: () => void, isCursor: boolean): () => void {
    const listeners = isCursor ? this.#cursorListeners : this.#listeners;
    listeners.add(listener);
    return () => listeners.delete(listener);
  }

  #schedule(): void {
    if (this.#isScheduled) return;
    this.#isScheduled = true;
    requestAnimationFrame(() => {
      this.#isScheduled = false;
      if (this.#isNew) {
        this.#isNew = false;
        this.calls = groupCalls(this.files.values(), this.calls);
        for (const listener of this.#listeners) listener();
      }
      for (const listener of this.#cursorListeners) listener();
    });
  }

  #setView(from: number, to: number): void {
    const full = this.fullView;
    const isAll = !(to - from < full);
    this.#view =
      isAll || !(to - from > 0.01)
        ? undefined
        : { from: Math.max(0, from), to: Math.min(full, to) };
    this.changed();
  }
}

export const store = new Store();

/** Draws a component again with each change but a move of the cursor. */
export function useStore(): Store {
  return useChanges(false);
}

/** Draws a component again with each change, moves of the cursor included. */
export function useCursor(): Store {
  return useChanges(true);
}

function useChanges(isCursor: boolean): Store {
  const [, setVersion] = useState(0);
  useLayoutEffect(
    () => store.onChange(() => setVersion((version) => version + 1), isCursor),
    [isCursor],
  );
  return store;
}
