import { StrictMode, useSyncExternalStore } from 'react';
import { createRoot } from 'react-dom/client';
import { Chat } from './chat.js';

/** The address has the id of the chat, so a reload, a bookmark or another tab finds it again. */
function App() {
  const id = useSyncExternalStore(onHashChange, () => location.hash.slice(1));
  return (
    <>
      <header>
        <h1>Millrace</h1>
        <button type="button" onClick={startChat}>
          New chat
        </button>
      </header>
      <Chat key={id} id={id} />
    </>
  );
}

function onHashChange(listener: () => void): () => void {
  addEventListener('hashchange', listener);
  return () => removeEventListener('hashchange', listener);
}

function startChat(): void {
  location.hash = crypto.randomUUID();
}

if (location.hash === '') history.replaceState(null, '', `#${crypto.randomUUID()}`);
createRoot(document.body).render(
  <StrictMode>
    <App />
  </StrictMode>,
);
