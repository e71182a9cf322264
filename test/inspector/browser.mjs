import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { chromium } from 'playwright-core';

/** Debian's Chromium, or the one that CHROMIUM names. */
export const program = [
  process.env.CHROMIUM ?? '',
  ...process.env.PATH.split(':').flatMap((dir) =>
    ['chromium', 'chromium-browser', 'google-chrome'].map((name) => join(dir, name)),
  ),
].find(existsSync);

/** @param flags of Chromium, besides those that a test needs. */
export function launch(flags = []) {
  const args = ['--no-sandbox', '--disable-gpu', '--disable-background-networking', ...flags];
  return chromium.launch({ executablePath: program, args });
}
