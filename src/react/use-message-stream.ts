import { useCallback, useEffect, useState, useSyncExternalStore } from 'react';
import type { AnyMessage, Message } from '../index.js';
import { type MessageState, MessageStore, type Open, type OpenAfter } from './message-store.js';

/** What `useMessageStream` returns. */
export interface UseMessageStream<M extends AnyMessage> extends MessageState<M> {
  /**
   * Opens a response and reads the message in it; one that is being read is stopped. Resolves with what was
   * received, also after a stop or an error.
   */
  ask: (open: Open) => Promise<M | undefined>;
  /**
   * The same over any number of connections, such as to a relay: after a lost one it goes on where it was, see
   * `MessageStream.follow`. Call it in an effect to resume an answer after a reload.
   */
  follow: (open: OpenAfter) => Promise<M | undefined>;
  /** Stops reading. What was received stays. */
  stop: () => void;
}

/**
 * One message at a time, such as from `stream.toResponse()`, rendered as it grows: once per event at most.
 * Unmounting stops it.
 */
export function useMessageStream<M extends AnyMessage = Message>(): UseMessageStream<M> {
  const [store] = useState(() => new MessageStore<M>());
  const state = useSyncExternalStore(store.subscribe, store.state, store.state);
  useEffect(() => () => store.stop(), [store]);
  return {
    ...state,
    ask: useCallback((open: Open) => store.ask(open), [store]),
    follow: useCallback((open: OpenAfter) => store.follow(open), [store]),
    stop: useCallback(() => store.stop(), [store]),
  };
}
