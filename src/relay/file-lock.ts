import type * as FileSystem from 'node:fs';

/** A lock that is older belongs to a process that was killed, in milliseconds. */
const STALE_MS = 2_000;
const RETRY_MS = 5;

type Promises = (typeof FileSystem)['promises'];

/** Runs work while no other process does so for the same file. */
export async function withFileLock<T>(
  fs: Promises,
  file: string,
  work: () => Promise<T>,
): Promise<T> {
  while (!(await take(fs, file))) await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
  try {
    return await work();
  } finally {
    await fs.rm(file, { force: true });
  }
}

async function take(fs: Promises, file: string): Promise<boolean> {
  try {
    await (await fs.open(file, 'wx')).close();
    return true;
  } catch (error) {
    if ((error as { code?: string }).code !== 'EEXIST') throw error;
    const age = await fs.stat(file).then(
      ({ mtimeMs }) => Date.now() - mtimeMs,
      () => 0,
    );
    if (age > STALE_MS) await fs.rm(file, { force: true });
    return false;
  }
}
