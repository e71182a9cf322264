/**
 * Calls back when a number has not changed for some time, again after each such time.
 * @param read such as the bytes that a socket has received.
 * @returns what stops it.
 */
export function watchSilence(read: () => number, isSilent: () => void, ms: number): () => void {
  let last = read();
  // One timer for a connection, however many streams it carries: setting one at each byte would cost more.
  const timer = setInterval(() => {
    const now = read();
    if (now === last) isSilent();
    last = now;
  }, ms);
  timer.unref();
  return () => clearInterval(timer);
}
