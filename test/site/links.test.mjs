/* Every link of every page, the API reference included, leads to a file of the site and to an anchor in it. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { it } from 'node:test';
import { fileOf, pages } from './site.mjs';

const cache = new Map();

/** The links and the anchors of a file. */
function read(file) {
  if (!cache.has(file)) {
    const html = readFileSync(file, 'utf8');
    cache.set(file, {
      links: [...html.matchAll(/<(?:a|img|script|link)\b[^>]*? (?:href|src)="([^"]*)"/g)].map(
        ([, link]) => link.replaceAll('&amp;', '&'),
      ),
      ids: new Set([...html.matchAll(/ id="([^"]+)"/g)].map(([, id]) => id)),
    });
  }
  return cache.get(file);
}

/** Why a link of a page leads nowhere; undefined if it leads somewhere. */
function problemOf(page, link) {
  const url = new URL(link, `http://localhost${page}`);
  if (url.host !== 'localhost' || !url.protocol.startsWith('http')) return undefined;
  const file = fileOf(url.pathname);
  if (file === undefined) return `${page} -> ${link}: there is no such page`;
  const id = decodeURIComponent(url.hash.slice(1));
  const isThere = id === '' || !file.endsWith('.html') || read(file).ids.has(id);
  return isThere ? undefined : `${page} -> ${link}: there is no such heading`;
}

it('has no dead link', () => {
  assert.ok(pages.length > 400, `${pages.length} pages`);
  let count = 0;
  const problems = pages.flatMap((page) => {
    const links = new Set(read(fileOf(page)).links);
    count += links.size;
    return [...links].flatMap((link) => problemOf(page, link) ?? []);
  });
  assert.ok(count > 10_000, `${count} links`);
  assert.deepEqual(problems, []);
});
