import type { Appended, Engine, Entry, Push } from './engine.js';
import { indexAfter, toAppend } from './engine.js';
import { hexDigest } from './hex-digest.js';
import { LogFile } from './log-file.js';
import { fileSystem } from './node-modules.js';
import { Watchers } from './watchers.js';

/** How often a watched file is looked at, in milliseconds, where the system reports no change. */
const POLL_MS = 500;
const SWEEP_MS = 60_000;

/**
 * Keeps logs in a folder, for the processes of one machine: streams outlive them all. The folder is made at the
 * first need. Not for network file systems, whose locks may not hold.
 * @throws AnthropicError where there is no file system.
 */
export function fileEngine(dir: string): Engine {
  const fs = fileSystem();
  const files = new Map<string, LogFile>();
  const watchers = new Watchers();
  let swept = 0;
  const fileOf = async (id: string): Promise<LogFile> => {
    const known = files.get(id);
    if (known !== undefined) return known;
    const file = new LogFile(fs.promises, `${dir}/${await fileName(id)}`);
    files.set(id, file);
    return file;
  };
  const live = async (id: string): Promise<LogFile> => {
    const file = await fileOf(id);
    if (((await file.state())?.expires ?? Number.POSITIVE_INFINITY) < Date.now()) {
      await file.remove();
    }
    return file;
  };
  const sweep = (): void => {
    if (Date.now() - swept < SWEEP_MS) return;
    swept = Date.now();
    void removeExpired(fs.promises, dir).catch(() => {});
  };
  return {
    async append(id, at, payloads, { ttl, end }) {
      await fs.promises.mkdir(dir, { recursive: true });
      sweep();
      const file = await live(id);
      let outcome: Appended = 'ok';
      let push: Push | undefined;
      await file.append((entries) => {
        const after = entries.at(-1);
        const appended = toAppend(after, at, payloads, end);
        outcome = appended.outcome;
        if (appended.entries.length > 0) push = { after, entries: appended.entries };
        return appended.entries;
      });
      if (push === undefined) return outcome;
      if (at.seq === 0 || end !== undefined) {
        const state = (await file.state()) ?? { epoch: 0, until: 0 };
        await file.setState({ ...state, expires: Date.now() + ttl });
      }
      watchers.wake(id, push);
      return outcome;
    },
    async read(id, after, max) {
      const entries: readonly Entry[] = await (await live(id)).read();
      const from = after === undefined ? 0 : indexAfter(entries, after);
      return entries.slice(from, from + max);
    },
    watch(id, wake) {
      const remove = watchers.add(id, wake);
      let stop = (): void => {};
      let isLeft = false;
      void fileOf(id).then((file) => {
        if (!isLeft) stop = watchFile(fs, `${file.path}.jsonl`, wake);
      });
      return () => {
        isLeft = true;
        stop();
        remove();
        if (!watchers.has(id)) files.delete(id);
      };
    },
    async beat(id, epoch, lease, ttl) {
      const file = await live(id);
      const top = (await file.read()).at(-1);
      if (top === undefined || top.epoch > epoch) return false;
      const now = Date.now();
      await file.setState({ epoch, until: now + lease, expires: now + ttl });
      return true;
    },
    async alive(id) {
      return Math.max(0, ((await (await live(id)).state())?.until ?? 0) - Date.now());
    },
    async remove(id) {
      await (await fileOf(id)).remove();
      if (!watchers.has(id)) files.delete(id);
    },
  };
}

/** An id as the name of a file, on any file system: readable, and told apart by its hash. */
async function fileName(id: string): Promise<string> {
  const hash = await hexDigest('SHA-256', id);
  return `${encodeURIComponent(id).replaceAll('*', '_').slice(0, 100)}.${hash.slice(0, 24)}`;
}

/** Calls back when another process may have changed the file. */
function watchFile(
  { watch, promises }: ReturnType<typeof fileSystem>,
  path: string,
  wake: () => void,
): () => void {
  let size = -1;
  const look = (): void => {
    promises.stat(path).then(
      (found) => {
        if (found.size === size) return;
        size = found.size;
        wake();
      },
      () => {},
    );
  };
  const polls = setInterval(look, POLL_MS);
  let watcher: ReturnType<typeof watch> | undefined;
  try {
    watcher = watch(path, look);
    watcher.on('error', () => {});
  } catch {
    // The file is not there yet, or the system can't watch: polls find it.
  }
  look();
  return () => {
    clearInterval(polls);
    watcher?.close();
  };
}

async function removeExpired(
  fs: ReturnType<typeof fileSystem>['promises'],
  dir: string,
): Promise<void> {
  for (const name of await fs.readdir(dir)) {
    if (!name.endsWith('.state')) continue;
    const file = new LogFile(fs, `${dir}/${name.slice(0, -'.state'.length)}`);
    if (((await file.state())?.expires ?? 0) < Date.now()) await file.remove();
  }
}
