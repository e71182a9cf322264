import { channel } from 'node:diagnostics_channel';

/** What was published, in order: the part of the channel's name that differs, and a copy of the context. */
export interface Published {
  channel: string;
  context: Record<string, unknown>;
}

const PARTS = ['start', 'end', 'asyncStart', 'asyncEnd', 'error'];

/** Subscribes to tracing channels such as `stream`, and to plain ones such as `progress`. */
export function listen(...kinds: readonly string[]): Disposable & { seen: Published[] } {
  const seen: Published[] = [];
  const names = kinds.flatMap((kind): [name: string, short: string][] =>
    kind === 'progress'
      ? [['millrace:progress', 'progress']]
      : PARTS.map((part) => [`tracing:millrace:${kind}:${part}`, `${kind}:${part}`]),
  );
  const subscribed = names.map(([name, short]) => {
    const subscriber = (context: unknown): void => {
      seen.push({ channel: short, context: { ...(context as object) } });
    };
    channel(name).subscribe(subscriber);
    return [name, subscriber] as const;
  });
  return {
    seen,
    [Symbol.dispose]: () => {
      for (const [name, subscriber] of subscribed) channel(name).unsubscribe(subscriber);
    },
  };
}
