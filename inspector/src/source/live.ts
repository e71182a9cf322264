import { store } from '../store.js';

/** What the server of this page says of a file: more of its text, or that it begins again, or will not grow. */
interface Message {
  readonly file: string;
  readonly text?: string;
  readonly isNew?: boolean;
  readonly isWhole?: boolean;
}

/** Follows the files of the server that this page came from. The address has the token. */
export function connect(): void {
  const token = new URLSearchParams(location.search).get('token');
  if (token === null) return;
  const source = new EventSource(`events?token=${encodeURIComponent(token)}`);
  source.onopen = () => {
    // After a lost connection everything is sent again.
    store.files.clear();
    store.isLive = true;
    store.changed();
  };
  source.onerror = () => {
    store.isLive = false;
    store.changed();
  };
  source.onmessage = ({ data }) => {
    const { file, text, isNew, isWhole } = JSON.parse(data) as Message;
    if (isNew) store.restart(file);
    if (text !== undefined) store.add(file, text);
    if (isWhole) store.finish(file);
  };
}
