import { describe, expect, it } from 'vitest';
import { fault, reply } from '../../src/testing/index.js';
import type { Seen } from './members.js';
import { PARAMS, TEXT } from './params.js';
import { hasRedis } from './redis-server.js';
import { openSetting } from './setting.js';

// Acceptance tests 4 and 5 of the relay, in processes of their own with --unhandled-rejections=strict.

describe.runIf(hasRedis)('an error of the API that can not be mended', () => {
  it.each([
    ['in a stream', [fault.error('overloaded_error', { event: 9 })], 'OverloadedError'],
    ['as a status', [fault.status(529)], 'OverloadedError'],
    ['a cut', [fault.cut({ event: 9 })], 'StreamTruncatedError'],
  ])('%s: it is the same for three live followers and a late one', async (_, faults, name) => {
    await using setting = await openSetting({ faults, pace: { tokensPerSecond: 200 } });
    const [producer, ...others] = [setting.member(), setting.member(), setting.member()];
    await producer?.ask({ do: 'start', id: 'a', params: PARAMS });
    const live = [producer, ...others].map((it) => it?.ask<Seen>({ do: 'follow', id: 'a' }));
    const seen = await Promise.all(live);
    const late = await others[0]?.ask<Seen>({ do: 'follow', id: 'a' });
    for (const reader of [...seen, late]) {
      expect(reader?.error?.name).toBe(name);
      expect(reader?.error?.requestId).toMatch(/^req_/);
      expect(reader?.error).toEqual(seen[1]?.error);
      expect(reader?.text).toBe(seen[0]?.text);
    }
    // Nothing was raised in any of them.
    for (const member of [producer, ...others]) expect(member?.process.exitCode).toBe(null);
  });
});

describe.runIf(hasRedis)('stop, from a third process', () => {
  it.each([
    ['while it streams', { pace: { tokensPerSecond: 100 } }, 20],
    ['while the API is silent', { faults: [fault.stall({ event: 8 })] }, 1],
    ['before the first event', { faults: [fault.stall()] }, 0],
  ])('%s', async (_, emulated, length) => {
    await using setting = await openSetting({ replies: () => reply.text(TEXT), ...emulated });
    const [producer, follower, third] = [setting.member(), setting.member(), setting.member()];
    await producer?.ask({ do: 'start', id: 'a', params: PARAMS });
    const reading = [producer, follower].map((it) => it?.ask<Seen>({ do: 'follow', id: 'a' }));
    if (length > 0) await third?.ask({ do: 'reach', id: 'a', length });
    while (setting.emulator.requests.length === 0) await new Promise((r) => setTimeout(r, 5));
    expect(await third?.ask({ do: 'stop', id: 'a', reason: 'enough' })).toEqual({ stopped: true });
    for (const seen of await Promise.all(reading)) {
      expect(seen?.error).toMatchObject({ name: 'APIUserAbortError', cause: 'enough' });
    }
    expect(await setting.emulator.requests[0]?.ended).toBe('left');
    expect(await third?.ask({ do: 'stop', id: 'a' })).toEqual({ stopped: false });
    expect(await follower?.ask({ do: 'status', id: 'a' })).toEqual({ state: 'stopped' });
  });

  it('does nothing after the end', async () => {
    await using setting = await openSetting();
    const [producer, third] = [setting.member(), setting.member()];
    await producer?.ask({ do: 'start', id: 'a', params: PARAMS });
    expect((await third?.ask<Seen>({ do: 'follow', id: 'a' }))?.text).toBe(TEXT);
    expect(await third?.ask({ do: 'stop', id: 'a' })).toEqual({ stopped: false });
    expect((await producer?.ask<Seen>({ do: 'follow', id: 'a' }))?.error).toBe(undefined);
  });
});
