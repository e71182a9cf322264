import { defineConfig } from 'vitepress';
import { apiSidebar, docsSidebar } from './sidebar.mjs';

export default defineConfig({
  title: 'millrace',
  description: 'A TypeScript client that streams messages from the Claude Messages API',
  lang: 'en',
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
