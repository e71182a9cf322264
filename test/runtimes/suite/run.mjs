/** A check that takes longer has failed; what hangs is reported like any other failure. */
const LIMIT = 20_000;

/**
 * Runs checks one after the other.
 * @param checks of one suite: `{ name, run, limit }`, where `run` gives what was not as expected, a line each,
 *   within `limit` milliseconds.
 * @param report is called with `{ suite, name, failures }` for each.
 */
export async function runChecks(suite, checks, report) {
  for (const { name, run, limit = LIMIT } of checks) {
    // A page's reports are on their way when its last check is over.
    await report({ suite, name, failures: await failuresOf(run, limit) });
  }
}

async function failuresOf(run, ms) {
  let timer;
  const limit = new Promise((resolve) => {
    timer = setTimeout(() => resolve([`nothing for ${ms} ms`]), ms);
  });
  try {
    return await Promise.race([run(), limit]);
  } catch (error) {
    return [`threw ${error?.stack ?? error}`];
  } finally {
    clearTimeout(timer);
  }
}
