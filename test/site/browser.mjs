import { chromium } from 'playwright-core';
import { findChromium } from '../support/find-chromium.mjs';

const program = findChromium();

/** Why the tests can't run; false if they can. In CI they must. */
export const skip = program === undefined && !process.env.CI && 'there is no Chromium';

export function launch() {
  const args = ['--no-sandbox', '--disable-gpu', '--disable-background-networking'];
  return chromium.launch({ executablePath: program, args });
}
