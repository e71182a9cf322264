import { readFile } from 'node:fs/promises';

/** A recording as text, under the name of its file. */
export interface NamedText {
  readonly file: string;
  readonly text: string;
}

const DATA = '<script type="application/json" id="recordings">[]</script>';

/** The inspector's page, which the build puts beside the command. */
export async function readPage(): Promise<string> {
  // A package can resolve its own name, wherever its files are.
  const root = import.meta.resolve('millrace/package.json');
  return readFile(new URL('dist/inspector.html', root), 'utf8');
}

/** The page with recordings inside: it needs no server. */
export function embed(page: string, recordings: readonly NamedText[]): string {
  // In JSON a `<` may be escaped. As it is, it could end the element.
  const json = JSON.stringify(recordings).replaceAll('<', '\\u003c');
  return page.replace(DATA, () => DATA.replace('[]', () => json));
}
