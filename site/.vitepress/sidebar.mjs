import { readdirSync, readFileSync } from 'node:fs';

const docs = new URL('../../docs/', import.meta.url);
const api = new URL('../pages/api/typedoc-sidebar.json', import.meta.url);
const sections = JSON.parse(readFileSync(new URL('../sidebar.json', import.meta.url), 'utf8'));

/** The pages of docs/, in the order of sidebar.json, where `web*` stands for all that begin so. */
export function docsSidebar() {
  const names = readdirSync(docs)
    .filter((file) => file.endsWith('.md'))
    .map((file) => file.slice(0, -'.md'.length))
    .sort();
  return sections.map(({ text, pages }) => ({
    text,
    items: pages
      .flatMap((page) => names.filter((name) => isMet(name, page)))
      .map((name) => ({ text: titleOf(name), link: `/docs/${name}` })),
  }));
}

/**
 * What typedoc wrote, without its types: they are by far the most, the sidebar is in every page, and the
 * overview of each entry lists them.
 */
export function apiSidebar() {
  return JSON.parse(readFileSync(api, 'utf8')).map(function kept({ text, link, items }) {
    const groups = items?.filter((item) => !TYPES.includes(item.text)).map(kept);
    return { text, link, items: groups };
  });
}

const TYPES = ['Enumerations', 'Interfaces', 'Type Aliases'];

function isMet(name, page) {
  return page.endsWith('*') ? name.startsWith(page.slice(0, -1)) : name === page;
}

function titleOf(name) {
  const [, title] = /^# (.+)$/m.exec(readFileSync(new URL(`${name}.md`, docs), 'utf8')) ?? [];
  return (title ?? name).replaceAll('`', '');
}
