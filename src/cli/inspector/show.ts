import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { record, serve } from '../../testing/index.js';
import { DONE } from '../exit-codes.js';
import type { Terminal } from '../terminal.js';
import { UsageError } from '../usage-error.js';
import { Feed } from './feed.js';
import { followDir } from './follow-dir.js';
import { openBrowser } from './open-browser.js';
import { embed, readPage } from './page.js';
import { readSources, type Sources } from './recording-files.js';
import { servePage } from './serve-page.js';

/** How the page is shown. */
export interface PageSettings {
  readonly pagePort: number;
  /** Opens no browser. */
  readonly isQuiet: boolean;
}

/** Shows files and folders until SIGINT or SIGTERM. Folders are followed. */
export async function showRecordings(
  { files, dirs }: Sources,
  settings: PageSettings,
  terminal: Terminal,
): Promise<number> {
  const feed = new Feed();
  if (files.length > 0) {
    const recordings = await readSources({ files, dirs: [] });
    for (const { file, text } of recordings) feed.say({ file, text, isWhole: true });
  }
  const ends = await Promise.all(dirs.map((dir) => followDir(dir, feed)));
  await serveUntilStopped(feed, settings, terminal);
  for (const end of ends) end();
  return DONE;
}

/** The API, the port of the proxy and the folder for recordings. */
export interface ProxySettings {
  readonly upstream: string;
  readonly port: number;
  /** Default: a new one. */
  readonly dir: string | undefined;
}

/** Shows what passes a proxy of the API, until SIGINT or SIGTERM. */
export async function showProxy(
  { upstream, port, dir: given }: ProxySettings,
  settings: PageSettings,
  terminal: Terminal,
): Promise<number> {
  const { stdout, stderr } = terminal;
  const dir = given ?? (await mkdtemp(join(tmpdir(), 'millrace-')));
  const feed = new Feed();
  const host = await record({
    ...{ upstream, dir, keepRequests: false },
    onError: ({ message }) => stderr.printLine(`millrace: ${message}`),
    onLine: (file, text) => feed.say({ file, text }),
  }).catch((error: Error) => {
    throw new UsageError(error.message);
  });
  const proxy = await serve(host, { port }).catch((error: Error) => {
    throw new UsageError(`can't listen on 127.0.0.1:${port}: ${error.message}`);
  });
  stdout.printLine(`recording into ${dir}`);
  stdout.printLine(`export ANTHROPIC_BASE_URL=${proxy.url}`);
  await serveUntilStopped(feed, settings, terminal);
  await proxy.close();
  return DONE;
}

async function serveUntilStopped(
  feed: Feed,
  { pagePort, isQuiet }: PageSettings,
  terminal: Terminal,
): Promise<void> {
  const page = await servePage(await readPage(), feed, pagePort);
  const stop = new Promise<void>((resolve) => {
    terminal.on('SIGINT', resolve);
    terminal.on('SIGTERM', resolve);
  });
  terminal.stdout.printLine(`inspector: ${page.url}`);
  if (!isQuiet && terminal.stdout.isTerminal) openBrowser(page.url);
  await stop;
  await page.close();
}

/** Writes a page with the recordings inside. Resolves with the exit code. @throws UsageError */
export async function writePage(file: string, sources: Sources): Promise<number> {
  const page = embed(await readPage(), await readSources(sources));
  await writeFile(file, page).catch((error: Error) => {
    throw new UsageError(`--html ${file}: ${error.message}`);
  });
  return DONE;
}
