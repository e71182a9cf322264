import { type JsonPath, meets, type Pattern } from './path.js';

/** Hears of a value that has finished, and where it stands. */
export type JsonListener = (value: unknown, path: JsonPath) => void;

/** A listener and what it waits for. */
export interface Watch {
  readonly pattern: Pattern;
  readonly listener: JsonListener;
  /** False once it is taken away, also in the middle of a round of calls. */
  active: boolean;
}

/** The list that most containers have. */
export const NO_WATCHES: readonly Watch[] = [];

/**
 * Of the watches of a container, those for something inside the container at one of its keys.
 *
 * Each container is given its own on the way down, so that a value that has no reader costs
 * nothing, however many watches there are and however deep it is.
 *
 * @param depth how many segments of their patterns the watches have met.
 */
export function narrow(
  watches: readonly Watch[],
  depth: number,
  key: string | number,
): readonly Watch[] {
  if (watches.length === 0) return NO_WATCHES;
  return watches.filter(({ pattern }) => pattern.length > depth + 1 && meets(key, pattern[depth]));
}

/** Whether a watch of a container is for the value at this key of it. */
export function isFor({ pattern, active }: Watch, depth: number, key: string | number): boolean {
  return active && pattern.length === depth + 1 && meets(key, pattern[depth]);
}
