import { html } from 'htm/preact';
import type { VNode } from 'preact';
import { useState } from 'preact/hooks';

interface Properties {
  readonly name: string;
  readonly title: string;
  readonly make: () => string | undefined;
  readonly isOff: boolean;
}

/** Copies a text that is made when it is asked for. */
export function CopyButton({ name, title, make, isOff }: Properties): VNode {
  const [said, setSaid] = useState('');
  const copy = async (): Promise<void> => {
    setSaid((await copied(make() ?? '')) ? 'Copied' : 'Not allowed');
    setTimeout(() => setSaid(''), 1_500);
  };
  return html`<button
    type="button"
    class="copy"
    title=${isOff ? 'Not recorded' : title}
    disabled=${isOff}
    onClick=${copy}
  >
    <span aria-live="polite">${said || `Copy ${name}`}</span>
  </button>`;
}

async function copied(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return copiedBySelection(text);
  }
}

/** A page from a file has no clipboard. */
function copiedBySelection(text: string): boolean {
  const area = document.createElement('textarea');
  area.value = text;
  document.body.append(area);
  area.select();
  const isCopied = document.execCommand('copy');
  area.remove();
  return isCopied;
}
