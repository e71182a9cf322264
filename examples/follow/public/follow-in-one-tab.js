/*
 * A browser opens six connections to a host, and each stream takes one. So of all tabs that show an answer one
 * follows it, the one that holds a lock, and tells the others. When it is closed, the next one gets the lock.
 */
import { MessageStream } from 'millrace';

/**
 * Follows an answer, in this tab or another.
 * @param show called with `{ text, state }` at each change: `state` is 'streaming', 'complete' or an error.
 * @returns a function that leaves it.
 */
export function followInOneTab(url, show) {
  const channel = new BroadcastChannel(url);
  const left = new AbortController();
  let now = { text: '', state: 'streaming' };
  let isLeader = false;
  /** A new leader begins with what is known here: text never gets shorter. */
  const change = ({ at, piece, state }) => {
    const isNew = at + piece.length > now.text.length;
    if (now.state !== 'streaming' || (!isNew && state === 'streaming')) return;
    now = { text: isNew ? now.text.slice(0, at) + piece : now.text, state };
    show(now);
  };
  channel.onmessage = ({ data }) => {
    if (data.ask !== undefined) {
      if (isLeader) channel.postMessage({ at: 0, piece: now.text, state: now.state });
    } else if (data.at <= now.text.length) change(data);
    else channel.postMessage({ ask: 'all' }); // a piece was missed
  };
  channel.postMessage({ ask: 'all' });
  navigator.locks
    .request(url, { signal: left.signal }, async () => {
      isLeader = true;
      const tell = (news) => {
        channel.postMessage(news);
        change(news);
      };
      if (now.state === 'streaming') await lead(url, left.signal, tell);
      // Later tabs ask the one with the lock.
      await new Promise((resolve) => left.signal.addEventListener('abort', resolve));
    })
    .catch(() => {});
  return () => {
    left.abort();
    channel.close();
  };
}

/** Follows an answer from its start, and tells each piece with its place. */
async function lead(url, signal, tell) {
  const stream = MessageStream.follow(
    (lastEventId, closing) =>
      fetch(url, {
        signal: closing,
        headers: lastEventId ? { 'last-event-id': lastEventId } : {},
      }),
    { signal },
  );
  let length = 0;
  try {
    for await (const piece of stream.textStream) {
      tell({ at: length, piece, state: 'streaming' });
      length += piece.length;
    }
    tell({ at: length, piece: '', state: 'complete' });
  } catch (error) {
    tell({ at: length, piece: '', state: error.message });
  }
}
