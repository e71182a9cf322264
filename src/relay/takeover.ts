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
import type { ParamsStore } from './params-store.js';
import { lostError, PastSource } from './past-source.js';
import { fromStream, type Turn } from './producer.js';
import type { Replica } from './replica.js';
import { randomTag } from './wire-id.js';

/** How much longer a process waits that could not take over, in milliseconds. */
const GRACE_MS = 500;

/** How long to wait before the store is read once more, in milliseconds. */
const REREAD_MS = 25;

/** What a takeover needs of its relay. */
export interface TakeoverSettings extends RelaySettings {
  params: ParamsStore;
  /** Whether this process hands its streams over, and takes none. */
  isDraining: () => boolean;
  /** This process produces the stream from now on. */
  produce: (held: HeldStream, turn: Turn) => void;
}

/**
 * The producer of a stream is gone. A process with a client and the params claims the next epoch, reads what the
 * old one left, and recovers from it: the claim comes first, so that nothing can be added to what is read.
 * Where no process can, the stream is ended.
 */
export async function takeOver(
  settings: TakeoverSettings,
  held: HeldStream,
  isHandover: boolean,
): Promise<void> {
  const { replica } = held;
  if (held.producer !== undefined || replica.end !== undefined || held.holders === 0) return;
  if (settings.isDraining()) return held.watchdog.again(settings.lease);
  const canContinue = held.client !== undefined && replica.claim?.run === undefined;
  const params = canContinue ? await settings.params.get(held.id) : undefined;
  const isExhausted = replica.epoch > settings.takeover;
  if (params !== undefined && !isExhausted) return claim(settings, held, params);
  if (!isExhausted && mustWait(settings, held, isHandover)) return;
  const at = { epoch: replica.epoch + 1, seq: 0 };
  const end = JSON.stringify(failedEnd(lostError()));
  const options = { ttl: settings.ttl, end };
  const outcome = await settings.engine.append(held.id, at, [claimPayload(held)], options);
  if (outcome === 'gone') return replica.fail(missingError(held.id));
  await settings.params.remove(held.id);
  await replica.sync();
  if (replica.end === undefined) held.watchdog.again(settings.lease / 4);
}

/** Another process may still claim it: after a handover for a whole lease. */
function mustWait({ lease }: RelaySettings, held: HeldStream, isHandover: boolean): boolean {
  const now = performance.now();
  held.graceUntil ??= now + GRACE_MS + (isHandover ? lease : 0);
  if (now >= held.graceUntil - 1) return false;
  held.watchdog.again(held.graceUntil - now);
  return true;
}

async function claim(
  settings: TakeoverSettings,
  held: HeldStream,
  params: RelayParams,
): Promise<void> {
  const { engine, lease, ttl } = settings;
  const { id, replica } = held;
  const epoch = replica.epoch + 1;
  const outcome = await engine.append(id, { epoch, seq: 0 }, [claimPayload(held)], { ttl });
  // It has expired, or a failover has lost it.
  if (outcome === 'gone') return replica.fail(missingError(id));
  if (outcome === 'ok') await engine.beat(id, epoch, lease, ttl);
  await replica.sync();
  if (outcome === 'ok') await untilClaimed(replica, epoch, lease);
  if (outcome !== 'ok' || replica.end !== undefined || replica.epoch < epoch) {
    held.watchdog.again(lease / 2);
    return;
  }
  const past = new PastSource(replica.entries);
  const trace = traceRelay(held.client, epoch, replica.producers.at(-1));
  const resume = (): MessageStream<AnyMessage> => resumed(held, params, past);
  const source = fromStream(trace === undefined ? resume() : trace.within(resume));
  settings.produce(held, { epoch, source, isPast: () => !past.isEmpty && past.isPast, trace });
}

/** The past is whole once it has the claim: a read may be answered by a replica of the store that is behind. */
async function untilClaimed(replica: Replica, epoch: number, ms: number): Promise<void> {
  const until = performance.now() + ms;
  while (replica.epoch < epoch && replica.end === undefined && performance.now() < until) {
    await new Promise((resolve) => setTimeout(resolve, REREAD_MS));
    await replica.sync();
  }
}

function resumed(
  { client }: HeldStream,
  params: RelayParams,
  past: PastSource,
): MessageStream<AnyMessage> {
  const options = { recover: true };
  const messages = messagesFor(client as Anthropic, params);
  if (!past.isEmpty) return continueMessage(messages, params, options, past);
  return messages.stream(params, options);
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
