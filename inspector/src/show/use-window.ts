import type { RefObject } from 'preact';
import { useLayoutEffect, useRef, useState } from 'preact/hooks';

interface Window<E extends HTMLElement> {
  readonly ref: RefObject<E | null>;
  readonly first: number;
  readonly last: number;
}

/**
 * Which rows of a long list are to be drawn. Keeps one of them in sight.
 * @param height of a row, in pixels.
 */
export function useWindow<E extends HTMLElement>(
  count: number,
  height: number,
  inSight: number,
): Window<E> {
  const ref = useRef<E>(null);
  const place = useRef({ top: 0, room: 600, inSight: -1 });
  const [, setVersion] = useState(0);
  if (place.current.inSight !== inSight) {
    // Known before it is drawn: drawn first and scrolled then, the rows would be late by a frame.
    const top = scrolledTo(inSight * height, height, place.current);
    place.current = { ...place.current, top, inSight };
  }
  const { top, room } = place.current;
  useLayoutEffect(() => {
    if (ref.current !== null) ref.current.scrollTop = top;
  }, [top]);
  useLayoutEffect(() => {
    const { current } = ref;
    if (current === null) return;
    const measure = (): void => {
      const { scrollTop: top, clientHeight: room } = current;
      const before = place.current;
      if (before.top === top && before.room === room) return;
      // With another height, what was in sight may be out of it.
      place.current = { top, room, inSight: before.room === room ? before.inSight : -1 };
      setVersion((version) => version + 1);
    };
    measure();
    current.addEventListener('scroll', measure, { passive: true });
    const observer = new ResizeObserver(measure);
    observer.observe(current);
    return () => {
      observer.disconnect();
      current.removeEventListener('scroll', measure);
    };
  }, []);
  const first = Math.max(0, Math.min(Math.floor(top / height) - 8, count));
  return { ref, first, last: Math.min(count, Math.ceil((top + room) / height) + 8) };
}

/** How far a list is to be scrolled, so that the row at a height is in sight, with one below it. */
function scrolledTo(at: number, height: number, place: { top: number; room: number }): number {
  const { top, room } = place;
  const isBelow = at + height * 2 > top + room;
  return isBelow ? Math.max(0, at + height * 2 - room) : Math.min(top, at);
}
