import type { ResponseHead } from '../transport/port.js';

/** The head of the response that a log came from, with those of its headers that are kept. */
export function headOf(kept: readonly [name: string, value: string][]): ResponseHead {
  return {
    status: 200,
    statusText: 'OK',
    headers: () => new Headers([...kept]),
    header: (name) => kept.find(([known]) => known === name)?.[1] ?? null,
    fields: () => [...kept],
  };
}
