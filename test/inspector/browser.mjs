import { chromium } from 'playwright-core';
import { findChromium } from '../support/find-program.mjs';

export const program = findChromium();

/** @param flags of Chromium, besides those that a test needs. */
export function launch(flags = []) {
  const args = ['--no-sandbox', '--disable-gpu', '--disable-background-networking', ...flags];
  return chromium.launch({ executablePath: program, args });
}
