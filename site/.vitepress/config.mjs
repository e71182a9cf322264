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
    search: { provider: 'local', options: { detailedView: true } },
    footer: { message: 'MIT license' },
  },
});
