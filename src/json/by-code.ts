/** A table by characters, several of them in one key, as an array by their codes: ASCII is looked up. */
export function byCode<T>(table: Readonly<Record<string, T>>): (T | undefined)[] {
  const values = new Array<T | undefined>(128).fill(undefined);
  for (const [characters, value] of Object.entries(table)) {
    for (const character of characters) values[character.charCodeAt(0)] = value;
  }
  return values;
}
