import { after, before } from 'node:test';
import { chromium } from 'playwright-core';
import { findChromium } from '../support/find-program.mjs';
import { serveSite } from './site.mjs';

const program = findChromium();

/** Why the tests can't run; false if they can. In CI they must. */
export const skip = program === undefined && !process.env.CI && 'there is no Chromium';

export function launch() {
  const args = ['--no-sandbox', '--disable-gpu', '--disable-background-networking'];
  return chromium.launch({ executablePath: program, args });
}

/** The served site and a browser, while the tests of a suite run. */
export function openSite() {
  const opened = {};
  before(async () => {
    opened.site = await serveSite();
    opened.browser = await launch();
  });
  after(async () => {
    await opened.browser?.close();
    opened.site?.close();
  });
  return opened;
}
