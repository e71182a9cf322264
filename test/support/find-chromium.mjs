import { existsSync } from 'node:fs';
import { join } from 'node:path';

/** The path of Debian's Chromium, or of the one that CHROMIUM names; undefined if there is none. */
export function findChromium() {
  return [
    process.env.CHROMIUM ?? '',
    ...process.env.PATH.split(':').flatMap((dir) =>
      ['chromium', 'chromium-browser', 'google-chrome'].map((name) => join(dir, name)),
    ),
  ].find(existsSync);
}
