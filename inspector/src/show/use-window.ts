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
  const [[top, room], setPlace] = useState([0, 600]);
  useLayoutEffect(() => {
    const { current } = ref;
    if (current === null) return;
    const measure = (): void => setPlace([current.scrollTop, current.clientHeight]);
    measure();
    current.addEventListener('scroll', measure, { passive: true });
    const observer = new ResizeObserver(measure);
    observer.observe(current);
    return () => {
      observer.disconnect();
      current.removeEventListener('scroll', measure);
    };
  }, []);
  useLayoutEffect(() => {
    const { current } = ref;
    if (current === null) return;
    const at = inSight * height;
    const isBelow = at + height * 2 > current.scrollTop + current.clientHeight;
    if (isBelow) current.scrollTop = at + height * 2 - current.clientHeight;
    else if (at < current.scrollTop) current.scrollTop = at;
  }, [inSight, height]);
  const first = Math.max(0, Math.min(Math.floor(top / height) - 8, count));
  return { ref, first, last: Math.min(count, Math.ceil((top + room) / height) + 8) };
}
