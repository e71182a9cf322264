import type { Message, StreamAttempt } from '../../index.js';

/** Every counter of a message, nested ones by their path; and the requests, where there were several. */
export function usageLines(
  message: Message | undefined,
  attempts: readonly StreamAttempt[],
): string[] {
  const counters = leaves(message?.usage ?? {}).map(([path, value]) => `${path}: ${value}`);
  if (attempts.length < 2) return counters;
  return [
    ...counters,
    ...attempts.map(({ kind, requestId, outcome }, at) =>
      [`request ${at + 1}: ${kind}`, outcome, requestId].filter(Boolean).join(', '),
    ),
  ];
}

function leaves(value: object, path = ''): [path: string, value: string][] {
  return Object.entries(value).flatMap(([name, one]): [string, string][] => {
    if (one === null || one === undefined) return [];
    const at = path === '' ? name : `${path}.${name}`;
    return typeof one === 'object' ? leaves(one, at) : [[at, String(one)]];
  });
}
