import { readFileSync, writeFileSync } from 'node:fs';

/** What is tried, with the packages whose versions are told. */
const ROWS = [
  ['Express', ['express'], '`stream.pipeTo(res)`, behind nginx'],
  ['Fastify', ['fastify'], '`stream.pipeTo(reply.raw)`, behind nginx'],
  ['Hono', ['hono', '@hono/node-server'], '`stream.toResponse()`, behind nginx'],
  ['Next.js', ['next'], 'App Router, built with Turbopack, its page in Chromium'],
  ['Vite', ['vite'], 'built, its page in Chromium'],
  ['React', ['react'], '`millrace/react` in jsdom, and in the pages of Next.js and Vite'],
  ['AI SDK', ['ai', '@ai-sdk/react'], '`useChat` in Chromium, `readUIMessageStream`, `streamText`'],
  [
    'its provider',
    ['@ai-sdk/anthropic'],
    'compared with [ours](ai-sdk.md#use-millrace-as-a-provider)',
  ],
];

const PAGE = new URL('../../docs/web.md', import.meta.url);
const BLOCK = /(<!-- frameworks -->\n).*?(?=\n<!-- \/frameworks -->)/s;

/** The table in docs/web.md, of the versions that are installed here. @param node the version that ran it. */
function versionsTable(node) {
  const version = (name) => {
    const manifest = new URL(`./node_modules/${name}/package.json`, import.meta.url);
    return `${JSON.parse(readFileSync(manifest, 'utf8')).version}`;
  };
  const told = (names) => names.map((name, n) => (n === 0 ? '' : `${name} `) + version(name));
  const rows = ROWS.map(
    ([title, names, how]) => `| ${title} | ${told(names).join(', ')} | ${how} |`,
  );
  return `| | version | on Node ${node} |\n|---|---|---|\n${rows.join('\n')}\n`;
}

/** Whether docs/web.md says what ran; with UPDATE_DOCS it is made to. */
export function checkVersions(node) {
  const page = readFileSync(PAGE, 'utf8');
  const table = versionsTable(node);
  const updated = page.replace(BLOCK, (_, start) => start + table);
  if (process.env.UPDATE_DOCS) writeFileSync(PAGE, updated);
  else if (updated !== page) process.stderr.write(`docs/web.md should say:\n${table}`);
  return Boolean(process.env.UPDATE_DOCS) || updated === page;
}
