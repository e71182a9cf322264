import { APIConnectionError, APIUserAbortError } from 'millrace';
import { type UseChat, useChat } from 'millrace/react';
import { useCallback, useEffect, useRef, useState } from 'react';

/** A chat that a reload and every other tab of the browser find again. */
export interface SharedChat extends Omit<UseChat, 'resume' | 'follow' | 'setMessages'> {
  /** Whether it is known what was said before. Until then nothing can be sent: it would be sent without that. */
  isLoaded: boolean;
  /** After an error: reads the answer again where the connection was lost, else asks again. */
  retry: () => void;
}

export function useSharedChat(id: string): SharedChat {
  const url = `/chats/${id}`;
  const channel = useRef<BroadcastChannel>(undefined);
  const [isLoaded, setLoaded] = useState(false);
  const chat = useChat({
    open: async (messages, signal) => {
      const response = await fetch(url, { ...post({ messages }), signal });
      channel.current?.postMessage('asked');
      return response;
    },
    decide: (approval, verdict) => fetch(`${url}/decisions`, post({ id: approval, verdict })),
  });
  const { follow, setMessages, regenerate } = chat;
  const load = useCallback(async () => {
    setLoaded(false);
    try {
      const response = await fetch(url);
      setMessages(await response.json());
    } finally {
      setLoaded(true);
    }
    await follow((lastEventId, signal) =>
      fetch(`${url}/answer`, {
        signal,
        headers: lastEventId ? { 'last-event-id': lastEventId } : {},
      }),
    );
  }, [url, follow, setMessages]);

  useEffect(() => {
    const others = new BroadcastChannel(url);
    channel.current = others;
    others.onmessage = () => void load().catch(() => {});
    load().catch(() => {});
    return () => others.close();
  }, [url, load]);

  // Stopped in another tab: for this one that is no error either.
  const stopped = chat.error instanceof APIUserAbortError;
  const error = stopped ? undefined : chat.error;
  return {
    ...chat,
    error,
    status: stopped ? 'ready' : chat.status,
    isLoaded,
    stop: () => {
      chat.stop();
      void fetch(`${url}/answer`, { method: 'DELETE' });
    },
    retry: () => void (error instanceof APIConnectionError ? load().catch(() => {}) : regenerate()),
  };
}

function post(body: unknown): RequestInit {
  const headers = { 'content-type': 'application/json' };
  return { method: 'POST', headers, body: JSON.stringify(body) };
}
