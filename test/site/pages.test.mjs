/* The site in Chromium: nothing fails, everything fits, and everyone can read it. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { describe, it } from 'node:test';
import { openSite, skip } from './browser.mjs';
import { guide } from './site.mjs';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

const OTHERS = [
  '/',
  '/CHANGELOG',
  '/README',
  '/api/',
  '/api/millrace/',
  '/api/millrace/classes/MessageStream',
  '/api/millrace/relay/functions/createRelay',
  '/examples/basic.ts',
];
const WIDTHS = [390, 1280, 1600];
/** Each kind of page once, since a look at one takes seconds: code, tables, pictures, links in code. */
const LOOKED_AT = [
  ...OTHERS.slice(0, 4),
  '/api/millrace/functions/smooth',
  ...['errors', 'command', 'relay', 'wire', 'coming-from-anthropic-sdk'].map(
    (name) => `/docs/${name}`,
  ),
];
/** More columns than any screen has room for: the table scrolls in itself. */
const WIDE = ['/docs/faults'];

describe('the site', { skip }, () => {
  const opened = openSite();

  /** Opens a page; what it logs, and what it asks for in vain, are its problems. */
  async function open(path, options) {
    const page = await opened.browser.newPage(options);
    const problems = [];
    page.on('pageerror', (error) => problems.push(error.stack));
    page.on('console', (message) => {
      if (['error', 'warning'].includes(message.type())) problems.push(message.text());
    });
    page.on('response', (response) => {
      if (response.status() >= 400) problems.push(`${response.status()} ${response.url()}`);
    });
    page.on('request', (request) => {
      const { origin } = new URL(request.url());
      if (origin !== opened.site.url && origin !== 'null') problems.push(`asks ${request.url()}`);
    });
    await page.goto(opened.site.url + path, { waitUntil: 'networkidle' });
    return { page, problems };
  }

  it(`logs nothing, and fits at ${WIDTHS.join(', ')} px, where tables and snippets don't scroll from 1,280 px on`, async () => {
    for (const path of [...OTHERS, ...guide]) {
      const { page, problems } = await open(path, { viewport: { width: WIDTHS[0], height: 900 } });
      assert.deepEqual(problems, [], path);
      for (const width of WIDTHS) {
        await page.setViewportSize({ width, height: 900 });
        assert.deepEqual(await page.evaluate(tooWide), [], `${path} is too wide at ${width} px`);
        const mayScroll = width < 1280 || WIDE.includes(path) || !guide.includes(path);
        if (!mayScroll)
          assert.deepEqual(await page.evaluate(scrolling), [], `${path}, ${width} px`);
      }
      await page.close();
    }
  });

  for (const colorScheme of ['light', 'dark']) {
    it(`has no serious accessibility problem, ${colorScheme}`, async () => {
      const problems = [];
      for (const path of LOOKED_AT) {
        const { page } = await open(path, {
          colorScheme,
          viewport: { width: 1280, height: 900 },
          reducedMotion: 'reduce',
        });
        await page.evaluate(axe);
        const { violations } = await page.evaluate(() => window.axe.run());
        const found = violations
          .filter(({ impact }) => ['serious', 'critical'].includes(impact))
          .flatMap(({ id, nodes }) => nodes.map(({ html }) => `${path}: ${id}: ${html}`));
        problems.push(...found.filter((problem) => !isShortcut(problem)));
        await page.close();
      }
      assert.equal(problems.length, 0, problems.slice(0, 40).join('\n'));
    });
  }

  it('has its navigation in a menu on phones', async () => {
    const { page } = await open('/docs/errors', { viewport: { width: 390, height: 844 } });
    await page.getByRole('button', { name: 'Menu', exact: true }).click();
    await page.getByRole('link', { name: 'Recovery', exact: true }).click();
    await page.getByRole('heading', { name: 'Recovery', level: 1 }).waitFor();
    await page.close();
  });
});

/** The keys of its shortcut are no part of the name of the button. */
const isShortcut = (problem) =>
  /label-content-name-mismatch: <button[^>]* class="DocSearch /.test(problem);

/** In the page: by how much it is wider than the screen, and what makes it so. */
function tooWide() {
  const excess = document.documentElement.scrollWidth - window.innerWidth;
  if (excess <= 0) return [];
  const culprits = [...document.querySelectorAll('main *')].filter(
    (element) => element.getBoundingClientRect().right > window.innerWidth + 1,
  );
  return [`${excess} px`, ...culprits.slice(0, 3).map(({ outerHTML }) => outerHTML.slice(0, 200))];
}

/** In the page: the tables and the snippets that show only a part of what they have. */
function scrolling() {
  return [...document.querySelectorAll('.vp-doc table, .vp-doc pre')]
    .filter((element) => element.scrollWidth > element.clientWidth + 1)
    .map((element) => {
      const line = element.textContent
        .split('\n')
        .reduce((longest, line) => (line.length > longest.length ? line : longest), '');
      return `${element.scrollWidth - element.clientWidth} px: ${line}`;
    });
}
