/*
 * Lays out the pages of the site in pages/: index.md, docs/*.md, and every file of the repository that
 * they link to, so that no link leaves the site. Code becomes a page that shows it.
 */
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../', import.meta.url));
const pages = fileURLToPath(new URL('pages/', import.meta.url));

rmSync(pages, { recursive: true, force: true });
write('index.md', readFileSync(new URL('index.md', import.meta.url), 'utf8'));

const docs = readdirSync(join(root, 'docs')).filter((file) => file.endsWith('.md'));
const found = new Set([...docs.map((file) => `docs/${file}`), 'CHANGELOG.md']);
for (const file of found) {
  const text = readFileSync(join(root, file), 'utf8');
  if (file.endsWith('.md')) write(file, linked(text, dirname(file)));
  else write(`${file}.md`, `# ${file}\n\n\`\`\`\`${file.split('.').at(-1)}\n${text}\`\`\`\`\n`);
}

/** A document whose links lead to pages. What they lead to is found. */
function linked(text, folder) {
  return text.replace(/\]\((?!\w+:)([^)#\s]+)/g, (link, to) => {
    const file = normalize(join(folder, to));
    if (!existsSync(join(root, file))) throw new Error(`a dead link in ${folder}: ${to}`);
    found.add(file);
    return file.endsWith('.md') ? link : `${link}.md`;
  });
}

function write(file, text) {
  mkdirSync(dirname(join(pages, file)), { recursive: true });
  writeFileSync(join(pages, file), text);
}
