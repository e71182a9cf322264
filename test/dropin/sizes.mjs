/* `node test/dropin/sizes.mjs`, after `node test/dropin/prepare.mjs original dropin`: what is installed, and bundled, into docs/drop-in.md. */
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { bundledSizes } from '../../bench/harness/bundle.mjs';
import { installedFolders, installedSize } from '../../bench/harness/installed.mjs';

const at = (path) => fileURLToPath(new URL(path, import.meta.url));
const PAGE = at('../../docs/drop-in.md');
const MARKED = /(<!-- sizes: .*? -->\n)(.*?)(<!-- \/sizes -->)/s;
const SDK = '@anthropic-ai/sdk';
const STREAM = `import Anthropic from '${SDK}';
const client = new Anthropic({});
client.messages.stream({ model: 'm', max_tokens: 1, messages: [] });`;

const FOLDERS = { original: at('.work/original/'), dropin: at('.work/dropin/') };

const rows = await Promise.all([
  row('installed, with dependencies', installed),
  row('`messages.stream` bundled for pages, minified and gzipped', (folder) =>
    bundle(folder, 'browser'),
  ),
  row('the same for Node', (folder) => bundle(folder, 'node')),
]);
const { version } = JSON.parse(
  readFileSync(`${FOLDERS.original}node_modules/${SDK}/package.json`, 'utf8'),
);
const text = [
  `Version ${version} of the official SDK, measured on ${new Date().toISOString().slice(0, 10)}:\n`,
  `| | \`${SDK}\` | \`millrace-anthropic-sdk\` and millrace |`,
  '|---|---|---|',
  ...rows,
  '',
].join('\n');
writeFileSync(
  PAGE,
  readFileSync(PAGE, 'utf8').replace(MARKED, (_, start, __, end) => `${start}${text}${end}`),
);

async function row(what, measure) {
  return `| ${what} | ${await measure(FOLDERS.original)} | ${await measure(FOLDERS.dropin)} |`;
}

async function installed(folder) {
  const modules = `${folder}node_modules`;
  const megabytes = installedSize(SDK, modules) / 1e6;
  return `${megabytes.toFixed(1)} MB, ${installedFolders(SDK, modules).size} packages`;
}

async function bundle(folder, platform) {
  const { first, all } = await bundledSizes(STREAM, platform, folder);
  const kilobytes = (bytes) => `${(bytes / 1_024).toFixed(1)} KB`;
  return first === all
    ? kilobytes(first)
    : `${kilobytes(first)} at first, ${kilobytes(all)} in all`;
}
