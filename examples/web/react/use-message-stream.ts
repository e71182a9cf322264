import { APIUserAbortError, type Message, MessageStream } from 'millrace';
import { useCallback, useEffect, useState, useSyncExternalStore } from 'react';

/** One message at a time, rendered as it grows. `ask` gets what answers with the stream of a message. */
export function useMessageStream() {
  const [stream, setStream] = useState<MessageStream>();
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
  useEffect(() => () => stream?.close(), [stream]);

  const ask = useCallback(async (opening: Promise<Response>): Promise<Message | undefined> => {
    setStream(undefined);
    setState({ isStreaming: true });
    let next: MessageStream | undefined;
    try {
      next = MessageStream.from(await opening);
      setStream(next);
      await next.untilDone();
      setState({ isStreaming: false });
    } catch (error) {
      const isStopped = error instanceof APIUserAbortError;
      setState({ isStreaming: false, error: isStopped ? undefined : error });
    }
    return next?.currentMessageSnapshot;
  }, []);
  return { message, ask, stop: () => stream?.close(), ...state };
}
