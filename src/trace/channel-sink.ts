import { allChannels, type Channels, isTraced, type Parts } from './channels.js';
import type { AnyContext, Kind, Sink } from './sink.js';

/** The channels as a sink, as `tracePromise` would publish. Undefined where nothing subscribes. */
export function channelSink(): Sink | undefined {
  const channels = allChannels();
  if (channels === undefined) return undefined;
  const isProgressing = channels.progress.hasSubscribers;
  if (!isTraced(channels) && !isProgressing) return undefined;
  return isProgressing ? { ...SINK, progressed: (now) => channels.progress.publish(now) } : SINK;
}

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
  const channel = (allChannels() as Channels)[kind][part];
  if (channel.hasSubscribers) channel.publish(context);
}
