import { html } from 'htm/preact';
import type { VNode } from 'preact';
import type { Call } from './call/call.js';
import { diagnose } from './call/diagnose.js';
import { type Facts, factsOf } from './call/facts.js';
import { toCount, toDuration } from './show/duration.js';
import { useStore } from './store.js';

/** What happened, in a sentence, and the numbers behind it. */
export function Summary({ call }: { call: Call }): VNode {
  useStore();
  const facts = factsOf(call);
  const { sentence, oddities } = diagnose(call);
  return html`<div class="summary is-${facts.state}">
    <p class="diagnosis" role="status">${sentence}</p>
    ${oddities.length > 0 && html`<ul class="oddities">${oddities.map((one) => html`<li>${one}</li>`)}</ul>`}
    <dl class="facts">
      ${rowsOf(call, facts).map(
        ([name, value]) =>
          html`<div><dt>${name}</dt><dd class=${value === MISSING ? 'dim' : ''}>${value}</dd></div>`,
      )}
    </dl>
  </div>`;
}

const MISSING = 'not recorded';

function rowsOf(call: Call, facts: Facts): [name: string, value: string][] {
  const { tokens, requestId, status, longestGap } = facts;
  const ms = (value: number | undefined): string =>
    value === undefined ? (call.isTimed ? '–' : MISSING) : toDuration(value);
  const rows: [string, string | undefined][] = [
    ['Model', facts.model],
    ['Status', status === undefined ? undefined : String(status)],
    ['First byte', ms(facts.firstByte)],
    ['First token', ms(facts.firstContent)],
    ['Total', ms(facts.total)],
    ['Longest gap', ms(longestGap)],
    [
      'Tokens in',
      tokens &&
        `${toCount(tokens.in)}${tokens.cached > 0 ? ` (${toCount(tokens.cached)} cached)` : ''}`,
    ],
    ['Tokens out', tokens?.out === undefined ? undefined : toCount(tokens.out)],
    ['Tokens/s', facts.rate === undefined ? undefined : facts.rate.toFixed(1)],
    ['Retries', facts.retries === 0 ? undefined : String(facts.retries)],
    ['Recoveries', facts.recoveries === 0 ? undefined : String(facts.recoveries)],
    ['Stop reason', facts.stopReason],
    ['Request id', requestId],
    ['File', call.file],
  ];
  return rows.filter((row): row is [string, string] => row[1] !== undefined);
}
