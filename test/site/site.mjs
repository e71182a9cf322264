/* The built site: its files, and a server of them. */
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { createServer } from 'node:http';
import { extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const dist = fileURLToPath(new URL('../../site/.vitepress/dist/', import.meta.url));
if (!existsSync(dist)) throw new Error('there is no site: run npm run docs');

/** The paths of all pages, such as `/docs/web`. */
export const pages = readdirSync(dist, { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.html') && file !== '404.html')
  .map((file) => `/${file.replace(/(?:\bindex)?\.html$/, '')}`);

/** The guide: what docs/ has. */
export const guide = pages.filter((page) => page.startsWith('/docs/'));

/** The file that a server with clean addresses sends for a path; undefined if there is none. */
export function fileOf(path) {
  const file = join(dist, decodeURIComponent(path));
  return [file, `${file}.html`, join(file, 'index.html')].find(
    (name) => existsSync(name) && statSync(name).isFile(),
  );
}

const TYPES = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.json': 'application/json',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.woff2': 'font/woff2',
};

/** Serves the site. Resolves with its URL, and how to close it. */
export async function serveSite() {
  const server = createServer((request, response) => {
    const file = fileOf(new URL(request.url, 'http://localhost').pathname);
    if (file === undefined) return response.writeHead(404).end();
    response.writeHead(200, { 'content-type': TYPES[extname(file)] ?? 'text/plain' });
    response.end(readFileSync(file));
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  const close = () => {
    server.close();
    server.closeAllConnections();
  };
  return { url: `http://127.0.0.1:${server.address().port}`, close };
}
