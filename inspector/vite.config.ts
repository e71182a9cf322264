import { createHash } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { defineConfig, type Plugin } from 'vite';
import { viteSingleFile } from 'vite-plugin-singlefile';

/** Builds the page as one file, `dist/inspector.html`, that loads nothing. */
export default defineConfig({
  root: fileURLToPath(new URL('.', import.meta.url)),
  logLevel: 'warn',
  build: {
    outDir: fileURLToPath(new URL('../dist', import.meta.url)),
    emptyOutDir: false,
    target: 'es2023',
    rolldownOptions: { input: fileURLToPath(new URL('index.html', import.meta.url)) },
  },
  plugins: [viteSingleFile({ removeViteModuleLoader: true }), strictPolicy()],
});

/** Only the page's own script and style run, by their hashes, and nothing of what it shows can become markup. */
function strictPolicy(): Plugin {
  return {
    name: 'strict-policy',
    enforce: 'post',
    generateBundle: {
      order: 'post',
      handler(_, bundle) {
        const page = bundle['index.html'];
        if (page?.type !== 'asset') throw new Error('there is no page');
        const html = String(page.source);
        const policy = [
          "default-src 'none'",
          `script-src ${hashesOf(html, /<script type="module"[^>]*>([\s\S]*?)<\/script>/g)}`,
          `style-src ${hashesOf(html, /<style[^>]*>([\s\S]*?)<\/style>/g)}`,
          'img-src data:',
          "connect-src 'self'",
          "base-uri 'none'",
          "form-action 'none'",
          "require-trusted-types-for 'script'",
          "trusted-types 'none'",
        ].join('; ');
        const meta = `<meta http-equiv="Content-Security-Policy" content="${policy}" />`;
        // A function: the page has `$` in it.
        page.source = html.replace('<meta charset="utf-8" />', (charset) => charset + meta);
        page.fileName = 'inspector.html';
      },
    },
  };
}

function hashesOf(html: string, elements: RegExp): string {
  const texts = [...html.matchAll(elements)].map(([, text]) => text ?? '');
  if (texts.length === 0) throw new Error(`the page has no ${elements.source}`);
  return texts
    .map((text) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`)
    .join(' ');
}
