/** CPU time of this whole process while something runs, in ms: what neighbours disturb least. */
export async function cpuTime(run) {
  const since = process.cpuUsage();
  const result = await run();
  const { user, system } = process.cpuUsage(since);
  return { result, cost: (user + system) / 1_000 };
}

/** Time on the clock, in ms: for what is mostly waiting. */
export async function wallTime(run) {
  const since = performance.now();
  const result = await run();
  return { result, cost: performance.now() - since };
}
