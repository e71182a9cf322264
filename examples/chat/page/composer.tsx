import { type KeyboardEvent, useState } from 'react';

interface ComposerProps {
  isLoaded: boolean;
  isBusy: boolean;
  send: (text: string) => unknown;
  stop: () => void;
}

/** Enter sends, Shift-Enter begins a line, Escape stops. */
export function Composer({ isLoaded, isBusy, send, stop }: ComposerProps) {
  const [text, setText] = useState('');
  const submit = (): void => {
    if (!isLoaded || isBusy || text.trim() === '') return;
    setText('');
    void send(text.trim());
  };
  const press = (event: KeyboardEvent): void => {
    if (event.key === 'Escape' && isBusy) stop();
    // The Enter that ends a composition, such as of Japanese, is not one to send.
    if (event.key !== 'Enter' || event.shiftKey || event.nativeEvent.isComposing) return;
    event.preventDefault();
    submit();
  };
  return (
    <form action={submit} onKeyDown={press}>
      <textarea
        aria-label="Message"
        placeholder="Write a message"
        rows={1}
        value={text}
        onChange={({ target }) => setText(target.value)}
      />
      {isBusy ? (
        <button key="stop" type="button" aria-label="Stop" onClick={stop}>
          <svg viewBox="0 0 24 24" aria-hidden="true">
            <rect x="7" y="7" width="10" height="10" rx="2" fill="currentColor" />
          </svg>
        </button>
      ) : (
        <button
          key="send"
          type="submit"
          aria-label="Send"
          disabled={!isLoaded || text.trim() === ''}
        >
          <svg viewBox="0 0 24 24" aria-hidden="true">
            <path d="M12 19V6m-6 5 6-6 6 6" />
          </svg>
        </button>
      )}
    </form>
  );
}
