/*
 * The build, typed as the sources: a worker needs a file of JavaScript, and both threads the same one.
 */
export const built = (path: string): Promise<unknown> =>
  import(new URL(`../../dist/${path}`, import.meta.url).href);

export const sync = (await built('sync.js')) as typeof import('../../src/sync/index.js');
export const millrace = (await built('index.js')) as typeof import('../../src/index.js');
