/*
 * Lays out the pages of the site in pages/: index.md, docs/*.md, and every file of the repository that
 * they link to, so that no link leaves the site. Code becomes a page that shows it; images are copied.
 */
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join, normalize } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../', import.meta.url));
const pages = fileURLToPath(new URL('pages/', import.meta.url));

rmSync(pages, { recursive: true, force: true });
const docs = readdirSync(join(root, 'docs')).filter((file) => file.endsWith('.md'));
const found = new Set([...docs.map((file) => `docs/${file}`), 'CHANGELOG.md']);
write('index.md', linked(readText('site/index.md'), '.'));
for (const file of found) {
  if (isFolder(file))
    write(`${file}/index.md`, `# ${file}\n\n${filesOf(file).map(shown).join('\n')}`);
  else if (file.endsWith('.md')) write(file, linked(readText(file), dirname(file)));
  else if (file.endsWith('.png')) write(file, readFileSync(join(root, file)));
  else write(`${file}.md`, `# ${file}\n\n${code(file)}`);
}

/** A document whose links lead to pages. What they lead to is found. */
function linked(text, folder) {
  return text.replace(/\]\((?!\w+:)([^)#\s]+)/g, (link, to) => {
    const file = normalize(join(folder, to)).replace(/\/$/, '');
    if (!existsSync(join(root, file))) throw new Error(`a dead link in ${folder}: ${to}`);
    if (/\.(?:svg|png|webp)$/.test(file)) {
      copy(file);
      return link;
    }
    found.add(file);
    if (isFolder(file)) return `](${to.replace(/\/$/, '')}/index.md`;
    return /\.(?:md|png)$/.test(file) ? link : `${link}.md`;
  });
}

function copy(file) {
  mkdirSync(dirname(join(pages, file)), { recursive: true });
  copyFileSync(join(root, file), join(pages, file));
}

function filesOf(folder) {
  return readdirSync(join(root, folder), { recursive: true })
    .map((name) => join(folder, name))
    .filter((file) => !isFolder(file) && !basename(file).startsWith('.'));
}

function shown(file) {
  return `## ${file}\n\n${code(file)}`;
}

function code(file) {
  return `\`\`\`\`${file.split('.').at(-1)}\n${readText(file)}\`\`\`\`\n`;
}

function readText(file) {
  return readFileSync(join(root, file), 'utf8');
}

function isFolder(file) {
  return statSync(join(root, file)).isDirectory();
}

function write(file, text) {
  mkdirSync(dirname(join(pages, file)), { recursive: true });
  writeFileSync(join(pages, file), text);
}
