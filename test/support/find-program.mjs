import { existsSync } from 'node:fs';
import { join } from 'node:path';

/** The path of Debian's Chromium, or of the one that CHROMIUM names; undefined if there is none. */
export function findChromium() {
  return findProgram('CHROMIUM', ['chromium', 'chromium-browser', 'google-chrome']);
}

/** The first of the names that is on the path; a variable names another. */
export function findProgram(variable, names) {
  const folders = process.env.PATH.split(':');
  const paths = names.flatMap((name) => folders.map((folder) => join(folder, name)));
  return [process.env[variable] ?? '', ...paths].find(existsSync);
}
