import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const root = new URL('../../', import.meta.url);
const markdown = (folder: string): string[] =>
  readdirSync(new URL(folder, root))
    .filter((file) => file.endsWith('.md'))
    .map((file) => `${folder}${file}`);
const pages = markdown('docs/');

const withoutCode = (file: URL): string =>
  readFileSync(file, 'utf8').replace(/^```[\s\S]*?^```/gm, '');

/** The anchors that GitHub and the site give to headings. */
function anchorsOf(file: URL): string[] {
  return [...withoutCode(file).matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replace(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-'),
  );
}

/** Why a link leads nowhere; undefined where it leads somewhere. */
function deadness(page: string, link: string): string | undefined {
  const from = new URL(page, root);
  const to = new URL(link, from);
  const { hash } = to;
  to.hash = '';
  if (!existsSync(fileURLToPath(to))) return `${link}: there is no such file`;
  if (hash === '' || anchorsOf(to).includes(hash.slice(1))) return undefined;
  return `${link}: there is no such heading`;
}

describe.each([...pages, ...markdown(''), ...markdown('examples/')])('%s', (page) => {
  it('has no dead link', () => {
    const links = [...withoutCode(new URL(page, root)).matchAll(/\]\((?!\w+:)([^)\s]+)\)/g)];
    const dead = links.map(([, link]) => deadness(page, link as string));
    expect(dead.filter((reason) => reason !== undefined)).toEqual([]);
  });
});

describe('the sidebar of the site', () => {
  const sections: { pages: string[] }[] = JSON.parse(
    readFileSync(new URL('site/sidebar.json', root), 'utf8'),
  );
  const listed = sections.flatMap(({ pages }) => pages);
  const isMet = (name: string, by: string): boolean =>
    by.endsWith('*') ? name.startsWith(by.slice(0, -1)) : name === by;

  it.each(pages)('has %s once', (page) => {
    const name = page.slice('docs/'.length, -'.md'.length);
    expect(listed.filter((by) => isMet(name, by))).toHaveLength(1);
  });
});
