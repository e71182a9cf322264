/* Takes pictures of pages at three widths, light and dark, into the folder that is named: look at them after a change of the theme. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { launch } from './browser.mjs';
import { serveSite } from './site.mjs';

const [folder = 'screenshots', ...paths] = process.argv.slice(2);
const PAGES = paths.length > 0 ? paths : ['/', '/docs/streaming', '/docs/errors', '/docs/web'];
const WIDTHS = [390, 1280, 1600];

mkdirSync(folder, { recursive: true });
const site = await serveSite();
const browser = await launch();
for (const colorScheme of ['light', 'dark']) {
  for (const width of WIDTHS) {
    const page = await browser.newPage({ viewport: { width, height: 1000 }, colorScheme });
    for (const path of PAGES) {
      await page.goto(site.url + path, { waitUntil: 'networkidle' });
      const name = path.split('/').at(-1) || 'home';
      await page.screenshot({ path: join(folder, `${name}-${width}-${colorScheme}.png`) });
    }
    await page.close();
  }
}
await browser.close();
site.close();
