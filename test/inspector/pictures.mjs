/* Takes the pictures of docs/inspector.md. Make them smaller before a commit: pngquant --ext .png --force docs/pictures/*.png */
import { mkdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { launch } from './browser.mjs';
import { pageWith } from './command.mjs';
import { retried, searched, stalled } from './samples.mjs';

const folder = fileURLToPath(new URL('../../docs/pictures/', import.meta.url));
mkdirSync(folder, { recursive: true });

const PICTURES = [
  ['inspector-stall', { '0001.jsonl': stalled() }, { width: 1440, height: 900 }, 'dark', []],
  [
    'inspector-run',
    { ...retried(), '0006.jsonl': stalled(), '0007.jsonl': searched() },
    { width: 1440, height: 960 },
    'light',
    ['j', 'j', ...Array(6).fill('ArrowLeft')],
  ],
  ['inspector-phone', { '0001.jsonl': searched() }, { width: 390, height: 844 }, 'dark', []],
];

const browser = await launch();
for (const [name, files, viewport, colorScheme, keys] of PICTURES) {
  const page = await browser.newPage({ viewport, colorScheme });
  await page.goto(pageWith(files));
  await page.locator('.diagnosis').waitFor();
  for (const key of keys) await page.keyboard.press(key);
  await page.evaluate(
    () => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))),
  );
  await page.screenshot({ path: `${folder}${name}.png` });
  await page.close();
}
await browser.close();
