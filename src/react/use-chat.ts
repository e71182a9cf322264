import { useEffect, useMemo, useState, useSyncExternalStore } from 'react';
import type { ContentBlockParam, MessageParam } from '../index.js';
import { type ChatRequests, type ChatState, ChatStore, type Decide } from './chat-store.js';
import type { Open, OpenAfter } from './message-store.js';

/** Options of `useChat`. */
export interface ChatOptions {
  /** Where the conversation is posted, as JSON `{ messages }`. Default `/chat`. */
  api?: string | undefined;
  /** Sends the conversation in your own way, instead of `api`. */
  open?: ChatRequests['open'] | undefined;
  /** The conversation so far. */
  messages?: readonly MessageParam[] | undefined;
  /** Tells your server what a person has decided, for runs with `approve: 'ask'`. */
  decide?: Decide | undefined;
}

/** What `useChat` returns. All functions stay the same from render to render. */
export interface UseChat extends ChatState {
  /** Adds a question and reads the answer; one that is being written is stopped. Resolves at its end. */
  send: (content: string | ContentBlockParam[]) => Promise<void>;
  /** Ends the answer. What was received stays, and is part of the conversation. */
  stop: () => void;
  /** Asks once more for the answer to the last question. */
  regenerate: () => Promise<void>;
  /**
   * Reads the answer to the last question, which your server is writing already, after a reload. A response of
   * `toResponse({ history: true })` replaces the conversation; one with status 204 changes nothing.
   */
  resume: (open: Open) => Promise<void>;
  /** `resume` over any number of connections to a relay: see `RunStream.follow`. */
  follow: (open: OpenAfter) => Promise<void>;
  /** Decides on a call whose state is `asked`, by its `approvalId`. */
  decide: (id: string, verdict: boolean | string) => Promise<void>;
  /** Replaces the conversation, and ends an answer. */
  setMessages: (messages: readonly MessageParam[]) => void;
}

/**
 * A conversation with your server, which responds to `{ messages }` with `stream.toResponse()` or
 * `runner.toResponse()`. Renders once per event at most; unmounting ends the answer.
 */
export function useChat({ api = '/chat', open, messages = [], decide }: ChatOptions = {}): UseChat {
  const requests: ChatRequests = { open: open ?? post(api), decide };
  const [store] = useState(() => new ChatStore(messages, requests));
  const state = useSyncExternalStore(store.subscribe, store.state, store.state);
  useEffect(() => {
    store.requests = requests;
  });
  useEffect(() => () => store.stop(), [store]);
  const actions = useMemo(
    () => ({
      send: (content: string | ContentBlockParam[]) => store.send(content),
      stop: () => store.stop(),
      regenerate: () => store.regenerate(),
      resume: (open: Open) => store.resume(open),
      follow: (open: OpenAfter) => store.follow(open),
      decide: (id: string, verdict: boolean | string) => store.decide(id, verdict),
      setMessages: (messages: readonly MessageParam[]) => store.setMessages(messages),
    }),
    [store],
  );
  return { ...state, ...actions };
}

function post(api: string): ChatRequests['open'] {
  const headers = { 'content-type': 'application/json' };
  return (messages, signal) =>
    fetch(api, { method: 'POST', headers, body: JSON.stringify({ messages }), signal });
}
