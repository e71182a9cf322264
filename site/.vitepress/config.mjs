import { defineConfig } from 'vitepress';
import { apiSidebar, docsSidebar } from './sidebar.mjs';

/** Two waves. */
const ICON = encodeURIComponent(
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24" fill="none" stroke="#0b6bcb" stroke-width="2.4" stroke-linecap="round"><path d="M2 9q5-6 10 0t10 0M2 16q5-6 10 0t10 0"/></svg>',
);

export default defineConfig({
  title: 'millrace',
  description: 'A TypeScript client that streams messages from the Claude Messages API',
  lang: 'en',
  head: [['link', { rel: 'icon', type: 'image/svg+xml', href: `data:image/svg+xml,${ICON}` }]],
  srcDir: 'pages',
  cleanUrls: true,
  // What all pages share is one file, not a part of each page.
  metaChunk: true,
  markdown: {
    languageAlias: { mjs: 'js' },
    theme: { light: 'github-light-high-contrast', dark: 'github-dark-default' },
    anchor: { slugify: toAnchor },
    config: (md) => md.core.ruler.push('anchors', linkToAnchors),
  },
  // The index of the search is one large chunk, loaded with the first search.
  vite: { build: { chunkSizeWarningLimit: 4000 } },
  themeConfig: {
    nav: [
      { text: 'Docs', link: '/docs/quick-start', activeMatch: '^/docs/' },
      { text: 'API', link: '/api/', activeMatch: '^/api/' },
      { text: 'Changelog', link: '/CHANGELOG' },
    ],
    sidebar: { '/api/': apiSidebar(), '/': docsSidebar() },
    outline: [2, 3],
    search: {
      provider: 'local',
      options: {
        detailedView: true,
        miniSearch: { searchOptions: { boostDocument } },
      },
    },
    footer: { message: 'MIT license' },
  },
});

/** The anchor of a heading: as on GitHub, but a hyphen for each underscore, as typedoc has it. */
function toAnchor(heading) {
  return heading
    .trim()
    .toLowerCase()
    .replace(/[^\p{L}\p{N} _-]/gu, '')
    .replace(/[ _]/g, '-');
}

/** Makes the anchors in links those of the headings, however the pages and typedoc write them. */
function linkToAnchors({ tokens }) {
  for (const token of tokens.flatMap(({ children }) => children ?? [])) {
    const [path, anchor] = token.attrGet('href')?.split('#') ?? [];
    if (anchor && !/^\w+:/.test(path)) token.attrSet('href', `${path}#${toAnchor(anchor)}`);
  }
}

/** The guide comes first in the search, then the reference, then code. It runs in the page: it must be self-contained. */
function boostDocument(id) {
  if (id.startsWith('/docs/')) return 6;
  return id.startsWith('/api/') ? 1 : 0.3;
}
