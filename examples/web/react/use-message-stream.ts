import { type Message, MessageStream } from 'millrace';
import { useCallback, useEffect, useRef, useState, useSyncExternalStore } from 'react';

type Open = (signal: AbortSignal) => Promise<Response>;

/** One message at a time, rendered as it grows. `ask` gets the fetch whose response is a message. */
export function useMessageStream() {
  const [stream, setStream] = useState<MessageStream>();
  const leaving = useRef<AbortController>(undefined);
  const [state, setState] = useState<{ isStreaming: boolean; error?: unknown }>();
  const subscribe = useCallback(
    (changed: () => void) => {
      stream?.on('event', changed);
      return () => void stream?.off('event', changed);
    },
    [stream],
  );
  // A snapshot is a value, and the same one until the next event: all that a store must be.
  const message = useSyncExternalStore(subscribe, () => stream?.currentMessageSnapshot);
  useEffect(() => () => leaving.current?.abort(), []);

  const ask = useCallback(async (open: Open): Promise<Message | undefined> => {
    leaving.current = new AbortController();
    const { signal } = leaving.current;
    setStream(undefined);
    setState({ isStreaming: true });
    let next: MessageStream | undefined;
    try {
      next = MessageStream.from(await open(signal), { signal });
      setStream(next);
      await next.untilDone();
      setState({ isStreaming: false });
    } catch (error) {
      setState({ isStreaming: false, error: signal.aborted ? undefined : error });
    }
    return next?.currentMessageSnapshot;
  }, []);
  return { message, ask, stop: () => leaving.current?.abort(), ...state };
}
