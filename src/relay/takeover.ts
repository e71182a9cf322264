import type { Anthropic } from '../client.js';
import { continueMessage } from '../resources/messages.js';
import type { MessageStream } from '../stream/message-stream.js';
import type { StreamOptions } from '../stream/open-source.js';
import { traceRelay } from '../trace/relay-trace.js';
import type { AnyMessage } from '../wire/beta.js';
import { failedEnd } from './ends.js';
import type { HeldStream } from './held-stream.js';
import { missingError } from './log-writer.js';
import type { RelayParams, RelaySettings } from './options.js';
import { lostError, PastSource } from './past-source.js';
import { fromStream } from './producer.js';
import type { Replica } from './replica.js';
import { continueRun } from './run-takeover.js';
import type { TakeoverSettings } from './takeover-settings.js';
import { randomTag } from './wire-id.js';

/** How much longer a process waits that could not take over, in milliseconds. */
const GRACE_MS = 500;

/** How long to wait before the store is read once more, in milliseconds. */
const REREAD_MS = 25;

/**
 * The producer of a stream is gone. A process that can go on with it claims the next epoch, and reads what the old one
 * left: the claim comes first, so that nothing can be added to what is read. Where no process can, the stream is ended.
 */
export async function takeOver(
  settings: TakeoverSettings,
  held: HeldStream,
  isHandover: boolean,
): Promise<void> {
  const { replica } = held;
  if (held.producer !== undefined || replica.end !== undefined || held.holders === 0) return;
  if (settings.isDraining()) return held.watchdog.again(settings.lease);
  const isExhausted = replica.epoch > settings.takeover;
  // Of this moment: a rival that is faster must not be taken over at once.
  const epoch = replica.epoch + 1;
  const produce = isExhausted ? undefined : await successor(settings, held);
  if (produce === undefined && !isExhausted && mustWait(settings, held, isHandover)) return;
  const release = held.hold();
  try {
    if (produce !== undefined) await claim(settings, held, epoch, produce);
    else await giveUp(settings, held, epoch);
  } finally {
    release();
  }
}

/** Goes on with a stream that this process has claimed. */
type Produce = (epoch: number) => Promise<void> | void;

/** How this process goes on with a stream; undefined where it can't. */
async function successor(
  settings: TakeoverSettings,
  held: HeldStream,
): Promise<Produce | undefined> {
  if (held.replica.claim?.run) {
    return settings.resumeRun && ((epoch) => continueRun(settings, held, epoch));
  }
  const params = held.client && (await settings.params.get(held.id));
  return params && ((epoch) => recover(settings, held, epoch, params));
}

/** Ends a stream that no process goes on with. */
async function giveUp(settings: TakeoverSettings, held: HeldStream, epoch: number): Promise<void> {
  const { engine, ttl, lease, params } = settings;
  const { id, replica } = held;
  // The last turn of a run may be complete.
  const unresumed = { ...settings, resumeRun: undefined };
  if (replica.claim?.run)
    return claim(settings, held, epoch, () => continueRun(unresumed, held, epoch));
  const end = JSON.stringify(failedEnd(lostError()));
  const outcome = await engine.append(id, { epoch, seq: 0 }, [claimPayload(held)], { ttl, end });
  if (outcome === 'gone') return replica.fail(missingError(id));
  if (outcome === 'ok') await params.remove(id);
  await replica.sync();
  if (replica.end === undefined) held.watchdog.again(lease / 4);
}

/** Another process may still claim it: after a handover for a whole lease. */
function mustWait({ lease }: RelaySettings, held: HeldStream, isHandover: boolean): boolean {
  const now = performance.now();
  held.graceUntil ??= now + GRACE_MS + (isHandover ? lease : 0);
  if (now >= held.graceUntil - 1) return false;
  held.watchdog.again(held.graceUntil - now);
  return true;
}

/** Claims an epoch. @param produce called once its claim, and all before it, is read. */
async function claim(
  { engine, lease, ttl }: TakeoverSettings,
  held: HeldStream,
  epoch: number,
  produce: Produce,
): Promise<void> {
  const { id, replica } = held;
  const outcome = await engine.append(id, { epoch, seq: 0 }, [claimPayload(held)], { ttl });
  // It has expired, or a failover has lost it.
  if (outcome === 'gone') return replica.fail(missingError(id));
  if (outcome === 'ok') await engine.beat(id, epoch, lease, ttl);
  await replica.sync();
  if (outcome === 'ok') await untilClaimed(replica, epoch, lease);
  if (outcome === 'ok' && replica.end === undefined && replica.epoch === epoch)
    await produce(epoch);
  else held.watchdog.again(lease / 2);
}

/** The past is whole once it has the claim: a read may be answered by a replica of the store that is behind. */
async function untilClaimed(replica: Replica, epoch: number, ms: number): Promise<void> {
  const until = performance.now() + ms;
  while (replica.epoch < epoch && replica.end === undefined && performance.now() < until) {
    await new Promise((resolve) => setTimeout(resolve, REREAD_MS));
    await replica.sync();
  }
}

/** Recovers a message from what its producer left. */
function recover(
  { produce }: TakeoverSettings,
  held: HeldStream,
  epoch: number,
  params: RelayParams,
): void {
  const { client, replica } = held;
  const past = new PastSource(replica.entries);
  const trace = traceRelay(client, epoch, replica.producers.at(-1));
  const options = { recover: true };
  const resume = (): MessageStream<AnyMessage> => {
    const messages = messagesFor(client as Anthropic, params);
    if (!past.isEmpty) return continueMessage(messages, params, options, past);
    return messages.stream(params, options);
  };
  const source = fromStream(trace?.within(resume) ?? resume());
  produce(held, { epoch, source, isPast: () => !past.isEmpty && past.isPast, trace });
}

/** The methods for params. Those with `betas` are of the beta API. */
export function messagesFor(
  client: Anthropic,
  params: RelayParams,
): { stream: (params: object, options: StreamOptions) => MessageStream<AnyMessage> } {
  const isBeta = 'betas' in params && params.betas !== undefined;
  return (isBeta ? client.beta.messages : client.messages) as ReturnType<typeof messagesFor>;
}

function claimPayload({ replica }: HeldStream): string {
  // It tells this claim from that of a rival at the same place.
  return JSON.stringify({ tag: replica.claim?.tag, by: randomTag() });
}
