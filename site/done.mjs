/* Says where the site is, and how to see it. */
import { relative } from 'node:path';
import { fileURLToPath } from 'node:url';

const dist = fileURLToPath(new URL('.vitepress/dist/', import.meta.url));
const from = process.env.INIT_CWD ?? process.cwd();
process.stdout.write(
  `The site is in ${relative(from, dist) || '.'}\nTo see it: npm run preview --prefix ${relative(from, fileURLToPath(new URL('.', import.meta.url))) || '.'}\n`,
);
