import { ANY, type JsonPath, meets, type Pattern } from './path.js';

/** A finished value and where it stands. */
export interface Finished {
  readonly value: unknown;
  readonly path: JsonPath;
}

/**
 * The finished values that stand at a pattern, in the order of the keys of their containers.
 *
 * @param root the live value; undefined where there is none yet.
 * @param open the path of the innermost unfinished value: that, and what it stands in, is unfinished
 *   and nothing else is. Undefined where all is finished.
 */
export function finishedAt(
  root: unknown,
  pattern: Pattern,
  open: JsonPath | undefined,
): readonly Finished[] {
  let level: Place[] = [{ value: root, key: '', parent: undefined, isOpen: open !== undefined }];
  if (root === undefined) level = [];
  pattern.forEach((segment, depth) => {
    level = level.flatMap((place) => inside(place, segment, open?.[depth]));
  });
  return level
    .filter(({ isOpen }) => !isOpen)
    .map((place) => ({ value: place.value, path: pathOf(place) }));
}

interface Place {
  readonly value: unknown;
  readonly key: string | number;
  readonly parent: Place | undefined;
  readonly isOpen: boolean;
}

function inside(
  parent: Place,
  segment: string | typeof ANY,
  openKey: string | number | undefined,
): Place[] {
  if (typeof parent.value !== 'object' || parent.value === null) return [];
  const container = parent.value as Record<string | number, unknown>;
  return keysAt(container, segment).map((key) => ({
    value: container[key],
    key,
    parent,
    isOpen: parent.isOpen && key === openKey,
  }));
}

function keysAt(container: object, segment: string | typeof ANY): readonly (string | number)[] {
  if (!Array.isArray(container)) {
    if (segment === ANY) return Object.keys(container);
    return Object.hasOwn(container, segment) ? [segment] : [];
  }
  if (segment === ANY) return [...container.keys()];
  const index = Number(segment);
  return index in container && meets(index, segment) ? [index] : [];
}

function pathOf(place: Place): JsonPath {
  const path: (string | number)[] = [];
  for (let at = place; at.parent !== undefined; at = at.parent) path.push(at.key);
  return path.reverse();
}
