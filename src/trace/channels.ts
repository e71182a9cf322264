import type { AnyContext, Kind, Sink } from './sink.js';

interface Channel {
  readonly hasSubscribers: boolean;
  publish(message: unknown): void;
}

const PARTS = ['start', 'end', 'asyncStart', 'asyncEnd', 'error'] as const;

type Parts = Record<(typeof PARTS)[number], Channel>;

type Channels = Record<Kind, Parts> & {
  progress: Channel;
  /** The parts of all kinds: they are asked for each call. */
  traced: readonly Channel[];
};

/**
 * The channels of `node:diagnostics_channel` as a sink: the tracing channels `millrace:stream`, `:attempt`, `:tool`,
 * `:run`, `:relay` and `:follow`, and the plain channel `millrace:progress`. Undefined where nothing subscribes, or there are no channels.
 */
export function channelSink(): Sink | undefined {
  const channels = allChannels();
  if (channels === undefined) return undefined;
  let isTraced = false;
  for (const channel of channels.traced) isTraced ||= channel.hasSubscribers;
  const isProgressing = channels.progress.hasSubscribers;
  if (!isTraced && !isProgressing) return undefined;
  return isProgressing ? { ...SINK, progressed: (now) => channels.progress.publish(now) } : SINK;
}

const KINDS: readonly Kind[] = ['stream', 'attempt', 'tool', 'run', 'relay', 'follow'];

/** As `tracePromise` would publish it. */
const SINK: Sink = {
  begun: (kind, context) => {
    publish(kind, 'start', context);
    publish(kind, 'end', context);
  },
  ended: (kind, context) => {
    if (context.error !== undefined) publish(kind, 'error', context);
    publish(kind, 'asyncStart', context);
    publish(kind, 'asyncEnd', context);
  },
};

function publish(kind: Kind, part: keyof Parts, context: AnyContext): void {
  const channel = (loaded as Channels)[kind][part];
  if (channel.hasSubscribers) channel.publish(context);
}

let loaded: Channels | undefined | null = null;

function allChannels(): Channels | undefined {
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
