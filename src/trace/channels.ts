import type { Kind } from './sink.js';

interface Channel {
  readonly hasSubscribers: boolean;
  publish(message: unknown): void;
}

const PARTS = ['start', 'end', 'asyncStart', 'asyncEnd', 'error'] as const;

/** The channels of one kind: a tracing channel is these. */
export type Parts = Record<(typeof PARTS)[number], Channel>;

/**
 * The channels of `node:diagnostics_channel`: the tracing channels `millrace:stream`, `:attempt`, `:tool`, `:run`, `:relay`
 * and `:follow`, and the plain channel `millrace:progress`.
 */
export type Channels = Record<Kind, Parts> & {
  progress: Channel;
  /** The parts of all kinds: they are asked for each call. */
  traced: readonly Channel[];
};

const KINDS: readonly Kind[] = ['stream', 'attempt', 'tool', 'run', 'relay', 'follow'];

/** Whether anything subscribes to one of them. */
export function areSubscribed(): boolean {
  const channels = allChannels();
  return channels !== undefined && (channels.progress.hasSubscribers || isTraced(channels));
}

/** Whether anything subscribes to a tracing channel. */
export function isTraced({ traced }: Channels): boolean {
  return traced.some(isSubscribed);
}

// Here, as it is asked for each call: thirty results of an iterator are as many objects in a young process.
const isSubscribed = ({ hasSubscribers }: Channel): boolean => hasSubscribers;

let loaded: Channels | undefined | null = null;

/** Undefined where there are no channels. */
export function allChannels(): Channels | undefined {
  if (loaded !== null) return loaded;
  const { process } = globalThis as { process?: { getBuiltinModule?: (name: string) => unknown } };
  try {
    const module = process?.getBuiltinModule?.('node:diagnostics_channel') as
      | { channel: (name: string) => Channel }
      | undefined;
    loaded = module && openChannels(module.channel);
  } catch {
    loaded = undefined;
  }
  return loaded;
}

/** A tracing channel is five channels with these names, on runtimes without `tracingChannel` too. */
function openChannels(channel: (name: string) => Channel): Channels {
  const parts = (kind: Kind): Parts =>
    Object.fromEntries(
      PARTS.map((part) => [part, channel(`tracing:millrace:${kind}:${part}`)]),
    ) as Parts;
  const kinds = Object.fromEntries(KINDS.map((kind) => [kind, parts(kind)])) as Record<Kind, Parts>;
  const traced = KINDS.flatMap((kind) => Object.values(kinds[kind]));
  return { ...kinds, traced, progress: channel('millrace:progress') };
}
