/**
 * How long a body may continue after its message was complete. The last chunk of a healthy server is
 * already on its way: waiting for it keeps the connection reusable. Some gateways never send it.
 */
const GRACE_MS = 300;

/** Runs `close` unless the returned function is called first. */
export function closeAfterGrace(close: () => void): () => void {
  const timer = setTimeout(close, GRACE_MS);
  // Must not keep a process alive; an open socket does that by itself.
  (timer as { unref?: () => void }).unref?.();
  return () => clearTimeout(timer);
}
