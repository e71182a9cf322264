import { html } from 'htm/preact';
import type { ComponentType, VNode } from 'preact';
import { useState } from 'preact/hooks';
import type { Call } from '../call/call.js';
import { toCurl } from '../export/curl.js';
import { toFixture } from '../export/fixture.js';
import { useCursor } from '../store.js';
import { BytesTab } from './bytes-tab.js';
import { CopyButton } from './copy-button.js';
import { EventsTab } from './events-tab.js';
import { RequestTab, ResultTab } from './json-tabs.js';

const TABS: readonly [name: string, pane: ComponentType<{ call: Call }>][] = [
  ['Events', EventsTab],
  ['Bytes', BytesTab],
  ['Request', RequestTab],
  ['Result', ResultTab],
];

/** What was received, byte for byte and event by event, and what was asked. */
export function Tabs({ call }: { call: Call }): VNode {
  const { seen } = useCursor();
  const [tab, setTab] = useState(0);
  const { attempt } = call.placeOf(Math.max(0, seen - 1));
  const [, Pane] = TABS[tab] as (typeof TABS)[number];
  const move = (event: KeyboardEvent): void => {
    const by = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (by === undefined) return;
    const next = (tab + by + TABS.length) % TABS.length;
    setTab(next);
    (event.currentTarget as Element).querySelectorAll('button')[next]?.focus();
  };
  return html`<section class="pane" aria-label="Details">
    <div class="tab-row">
      <div role="tablist" aria-label="Details" onKeyDown=${move}>
        ${TABS.map(
          ([name], number) =>
            html`<button
              type="button"
              role="tab"
              id=${`tab-${number}`}
              aria-controls="tab-panel"
              aria-selected=${tab === number}
              tabindex=${tab === number ? 0 : -1}
              onClick=${() => setTab(number)}
            >
              ${name}
            </button>`,
        )}
      </div>
      <${CopyButton} name="curl" title="Copy the request as a curl command" make=${() => toCurl(attempt)} isOff=${!attempt.request} />
      <${CopyButton} name="fixture" title="Copy the response as a reply of millrace/testing" make=${() => toFixture(attempt)} isOff=${!attempt.response} />
    </div>
    <div class="tab-panel" role="tabpanel" id="tab-panel" aria-labelledby=${`tab-${tab}`}>
      <${Pane} call=${call} key=${call.id} />
    </div>
  </section>`;
}
