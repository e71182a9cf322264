import { defineConfig } from 'vitepress';
import { apiSidebar, docsSidebar } from './sidebar.mjs';

export default defineConfig({
  title: 'millrace',
  description: 'Streams messages from the Claude Messages API',
  srcDir: 'pages',
  cleanUrls: true,
  // The index of the search is one large chunk, loaded when somebody searches.
  vite: { build: { chunkSizeWarningLimit: 4000 } },
  themeConfig: {
    nav: [
      { text: 'Documents', link: '/docs/quick-start', activeMatch: '^/docs/' },
      { text: 'API', link: '/api/', activeMatch: '^/api/' },
      { text: 'Changes', link: '/CHANGELOG' },
    ],
    sidebar: { '/api/': apiSidebar(), '/': docsSidebar() },
    outline: [2, 3],
    search: { provider: 'local' },
  },
});
