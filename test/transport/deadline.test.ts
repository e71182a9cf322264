import { describe, expect, it, vi } from 'vitest';
import { AnthropicError, APITimeoutError } from '../../src/errors.js';
import { ManualClock } from '../../src/testing/time/manual-clock.js';
import { Deadline, type WaitPhase } from '../../src/transport/deadline.js';
import {
  DEFAULT_TIMEOUTS,
  type Limits,
  type Timeout,
  type Timeouts,
  withTimeout,
} from '../../src/transport/timeouts.js';

describe('withTimeout', () => {
  const base = { response: 1, idle: 2, stall: 3, longStall: 30, total: 4 };
  const cases: readonly [timeout: Timeout | undefined, merged: Limits][] = [
    [undefined, base],
    [50, { ...base, response: 50, idle: 50 }],
    [Infinity, { ...base, response: Infinity, idle: Infinity }],
    [{}, base],
    [{ response: undefined, idle: undefined }, base],
    [{ total: 50 }, { ...base, total: 50 }],
    [
      { response: 5, idle: 6, stall: 7, total: Infinity },
      { response: 5, idle: 6, stall: 7, longStall: 7, total: Infinity },
    ],
    [{ stall: 9 }, { ...base, stall: 9, longStall: 9 }],
  ];
  it.each(cases)('%j', (timeout, merged) => {
    expect(withTimeout(base, timeout)).toEqual(merged);
    expect(base).toEqual({ response: 1, idle: 2, stall: 3, longStall: 30, total: 4 });
  });

  const bad: readonly [timeout: unknown, message: string][] = [
    [0, 'timeout.response is 0: give milliseconds above 0, or Infinity for no limit'],
    [-1, 'timeout.response is -1: give'],
    [Number.NaN, 'timeout.response is NaN: give'],
    [{ idle: 0 }, 'timeout.idle is 0: give'],
    [{ stall: '5' }, 'timeout.stall is "5": give'],
    [{ total: null }, 'timeout.total is null: give'],
    [
      '30s',
      'timeout is "30s": pass milliseconds, such as 30_000, or { response, idle, stall, total }',
    ],
    [null, 'timeout is null: pass milliseconds'],
    [null, '; Infinity is no limit'],
    [[5], 'timeout is an array: pass milliseconds'],
    [{ longStall: 5 }, 'there is no timeout.longStall: pass milliseconds'],
    [{ read: 5 }, 'there is no timeout.read: pass milliseconds, such as 30_000, or {'],
  ];
  it.each(bad)('%j is refused', (timeout, message) => {
    const merge = (): unknown => withTimeout(base, timeout as Timeout);
    expect(merge).toThrow(AnthropicError);
    expect(merge).toThrow(message);
  });

  it('has the documented defaults', () => {
    expect(DEFAULT_TIMEOUTS).toEqual({
      response: 600_000,
      idle: 180_000,
      stall: 900_000,
      longStall: 3_600_000,
      total: Infinity,
    });
  });
});

const OFF: Limits = {
  response: Infinity,
  idle: Infinity,
  stall: Infinity,
  longStall: Infinity,
  total: Infinity,
};

/** A deadline on a clock of its own, and what it did. */
function setup(timeout: Timeouts) {
  const clock = new ManualClock();
  const closed: APITimeoutError[] = [];
  const deadline = new Deadline(
    withTimeout(OFF, timeout),
    clock,
    (error) => void closed.push(error),
  );
  /** Waits for something that comes after `ms`. */
  const waitFor = async (ms: number, phase: WaitPhase): Promise<void> => {
    const waiting = deadline.wait(
      new Promise<void>((resolve) => clock.setTimeout(resolve, ms)),
      phase,
    );
    waiting.catch(() => {});
    await clock.advance(ms);
    await waiting;
  };
  /** Waits for what never comes; the error and when it came. */
  const waitForever = async (phase: WaitPhase): Promise<[error: unknown, at: number]> => {
    const failed = deadline.wait(new Promise<never>(() => {}), phase).then(
      () => [undefined, 0] as [unknown, number],
      (error: unknown) => [error, clock.now()] as [unknown, number],
    );
    await clock.advance(100_000);
    return failed;
  };
  return { clock, closed, deadline, waitFor, waitForever };
}

describe('each clock runs out on its own', () => {
  const cases: readonly [limits: Timeouts, phase: WaitPhase, message: string][] = [
    [{ response: 2_000 }, 'response', 'no response headers within 2 s'],
    [{ idle: 2_000 }, 'idle', 'no bytes within 2 s'],
    [{ stall: 2_000 }, 'idle', 'no progress of the message within 2 s'],
    [{ total: 2_000 }, 'response', 'not finished within 2 s'],
    [{ total: 2_000 }, 'idle', 'not finished within 2 s'],
    [{ total: 2_000 }, 'backoff', 'not finished within 2 s'],
    [{ response: 5_000, total: 2_000 }, 'response', 'not finished within 2 s'],
    [{ response: 2_000, total: 5_000 }, 'response', 'no response headers within 2 s'],
    [{ idle: 5_000, stall: 2_000, total: 3_000 }, 'idle', 'no progress of the message within 2 s'],
    [{ idle: 2_000, stall: 3_000, total: 3_000 }, 'idle', 'no bytes within 2 s'],
    [{ idle: 1, stall: 1, total: 2_000 }, 'response', 'not finished within 2 s'],
    [{ response: 1, idle: 2_000 }, 'idle', 'no bytes within 2 s'],
    [{ response: 2_000 }, 'body', 'no complete response within 2 s'],
    [{ response: 5_000, idle: 2_000, stall: 1 }, 'body', 'no bytes within 2 s'],
    [{ response: 5_000, total: 2_000 }, 'body', 'not finished within 2 s'],
    [{ idle: 2_000, response: 1, stall: 1 }, 'error-body', 'no bytes within 2 s'],
    [{ idle: 2_000, response: 1, stall: 1 }, 'finish', 'no bytes within 2 s'],
  ];
  it.each(cases)('%j while waiting for %s', async (limits, phase, message) => {
    const { closed, clock, waitForever } = setup(limits);
    const [error, at] = await waitForever(phase);
    expect(error).toBeInstanceOf(APITimeoutError);
    const which = Object.entries(limits).find(([, ms]) => ms === 2_000);
    expect((error as APITimeoutError).phase).toBe(which?.[0]);
    expect((error as Error).message).toBe(
      `request timed out: ${message} (phase: ${which?.[0]}). Increase timeout.${which?.[0]} or retry.`,
    );
    expect(at).toBe(2_000);
    expect(closed).toEqual([error]);
    expect(clock.pending).toBe(0);
  });

  it.each<WaitPhase>(['response', 'idle', 'backoff'])(
    'none while waiting for %s without limits',
    async (phase) => {
      const { clock, deadline } = setup({});
      void deadline.wait(new Promise(() => {}), phase);
      expect(clock.pending).toBe(0);
    },
  );

  it('backoff is bounded by the total alone', async () => {
    const { clock, deadline } = setup({ response: 1, idle: 1, stall: 1 });
    void deadline.wait(new Promise(() => {}), 'backoff');
    expect(clock.pending).toBe(0);
  });
});

describe('what sets a clock back', () => {
  it('idle: anything that comes', async () => {
    const { waitFor, waitForever, clock } = setup({ idle: 100 });
    for (let i = 0; i < 5; i++) await waitFor(90, 'idle');
    const since = clock.now();
    const [error, at] = await waitForever('idle');
    expect([(error as APITimeoutError).phase, at - since]).toEqual(['idle', 100]);
  });

  it('response: a new try', async () => {
    const { waitFor, waitForever, clock } = setup({ response: 100 });
    for (let i = 0; i < 3; i++) await waitFor(90, 'response');
    const since = clock.now();
    const [error, at] = await waitForever('response');
    expect([(error as APITimeoutError).phase, at - since]).toEqual(['response', 100]);
  });

  it('stall: progress, not pings', async () => {
    const { waitFor, waitForever, deadline } = setup({ idle: 50, stall: 100 });
    for (let i = 0; i < 5; i++) {
      await waitFor(40, 'idle');
      await waitFor(40, 'idle');
      deadline.progress();
    }
    await waitFor(40, 'idle');
    await waitFor(40, 'idle');
    const [error, at] = await waitForever('idle');
    expect([(error as APITimeoutError).phase, at]).toEqual(['stall', 400 + 100]);
  });

  it('stall: neither the response nor a backoff counts', async () => {
    const { waitFor, waitForever } = setup({ stall: 100 });
    await waitFor(500, 'response');
    await waitFor(500, 'backoff');
    const [error, at] = await waitForever('idle');
    expect([(error as APITimeoutError).phase, at]).toEqual(['stall', 1_100]);
  });

  it('total: nothing', async () => {
    const { waitFor, waitForever, deadline } = setup({ idle: 200, total: 1_000 });
    await waitFor(300, 'response');
    await waitFor(300, 'backoff');
    for (let i = 0; i < 3; i++) {
      await waitFor(100, 'idle');
      deadline.progress();
    }
    const [error, at] = await waitForever('idle');
    expect([(error as APITimeoutError).phase, at]).toEqual(['total', 1_000]);
  });
});

describe('the clocks run only while we wait', () => {
  it.each<keyof Timeouts>(['idle', 'stall', 'total'])(
    '%s: a slow reader costs at most 50 ms a piece',
    async (phase) => {
      const { clock, waitFor, waitForever } = setup({ [phase]: 1_000 });
      for (let i = 0; i < 3; i++) {
        await waitFor(10, 'idle');
        await clock.advance(10_000);
      }
      const [error, at] = await waitForever('idle');
      const counted = phase === 'idle' ? 1_000 : 1_000 - 3 * (10 + 50);
      expect([(error as APITimeoutError).phase, at]).toEqual([phase, 30_030 + counted]);
    },
  );

  it('a wait that settles leaves no timer, and closes nothing', async () => {
    const { clock, closed, deadline } = setup({ idle: 100, total: 100 });
    expect(await deadline.wait(Promise.resolve('value'), 'idle')).toBe('value');
    expect(clock.pending).toBe(0);
    const failure = new Error('reset');
    await expect(deadline.wait(Promise.reject(failure), 'idle')).rejects.toBe(failure);
    expect(clock.pending).toBe(0);
    await clock.advance(1_000);
    expect(closed).toEqual([]);
  });

  it('what comes after the limit changes nothing', async () => {
    const { clock, closed, deadline } = setup({ idle: 100 });
    for (const late of ['resolve', 'reject'] as const) {
      let settle = (): void => {};
      const comesLate = new Promise<string>((resolve, reject) => {
        settle = () => ({ resolve, reject })[late]('late');
      });
      const waiting = deadline.wait(comesLate, 'idle');
      waiting.catch(() => {});
      await clock.advance(100);
      settle();
      await expect(waiting).rejects.toBeInstanceOf(APITimeoutError);
    }
    expect(closed).toHaveLength(2);
  });

  it('a limit longer than a timer can be does not fire at once', () => {
    const setTimeout = vi.fn();
    const clock = { now: () => 0, setTimeout, clearTimeout: () => {} };
    const deadline = new Deadline({ ...OFF, idle: 1e12 }, clock, () => {});
    void deadline.wait(new Promise(() => {}), 'idle');
    expect(setTimeout.mock.calls).toEqual([[expect.any(Function), 2_147_483_647]]);
  });
});

describe('limits on a whole', () => {
  const drips: readonly [phase: WaitPhase, limits: Timeouts, clock: string, at: number][] = [
    ['body', { response: 1_000, idle: 500 }, 'response', 1_000],
    ['error-body', { idle: 800 }, 'stall', 5_000],
    ['finish', { idle: 800, stall: 900_000 }, 'stall', 5_000],
  ];
  it.each(drips)(
    '%s: pieces that arrive in time do not set it back',
    async (phase, limits, ...end) => {
      const { waitFor, clock, closed } = setup(limits);
      let failed: unknown;
      while (failed === undefined) failed = await waitFor(300, phase).catch((error) => error);
      expect([(failed as APITimeoutError).phase, clock.now()]).toEqual([
        end[0],
        Math.ceil((end[1] as number) / 300) * 300,
      ]);
      expect(closed).toEqual([failed]);
    },
  );

  it('the headers and the body of a response share its limit, another try has its own', async () => {
    const { waitFor, waitForever, deadline, clock } = setup({ response: 1_000 });
    await waitFor(700, 'response');
    deadline.restart();
    await waitFor(700, 'response');
    const since = clock.now();
    const [error, at] = await waitForever('body');
    expect([(error as APITimeoutError).phase, at - since]).toEqual(['response', 300]);
  });

  it('finish: progress sets it back', async () => {
    const { waitFor, waitForever, deadline, clock } = setup({});
    for (let i = 0; i < 3; i++) {
      await waitFor(4_000, 'finish');
      deadline.progress();
    }
    const since = clock.now();
    expect((await waitForever('finish'))[1] - since).toBe(5_000);
  });
});

describe('stall while silence is expected', () => {
  const DEFAULTS = { idle: Infinity, response: Infinity };
  it.each<[what: string, prepare: (deadline: Deadline) => void, at: number]>([
    ['before the first event', () => {}, 3_600_000],
    ['from there on', (deadline) => deadline.expectSilence(false), 900_000],
    [
      'and again',
      (deadline) => {
        deadline.expectSilence(false);
        deadline.expectSilence(true);
      },
      3_600_000,
    ],
    [
      'in another try',
      (deadline) => {
        deadline.expectSilence(false);
        deadline.restart();
      },
      3_600_000,
    ],
  ])('%s', async (_, prepare, at) => {
    const clock = new ManualClock();
    const deadline = new Deadline(withTimeout(DEFAULT_TIMEOUTS, DEFAULTS), clock, () => {});
    prepare(deadline);
    const ended = deadline
      .wait(new Promise(() => {}), 'idle')
      .catch(({ retryable }) => [clock.now(), retryable]);
    await clock.advance(10_000_000);
    expect(await ended).toEqual([at, false]);
  });

  it('a number applies everywhere, and is retryable', async () => {
    const { waitForever } = setup({ stall: 2_000 });
    const [error, at] = await waitForever('idle');
    expect([(error as APITimeoutError).retryable, at]).toEqual([true, 2_000]);
  });
});

describe('pieces that are always at hand', () => {
  it.each<[limits: Timeouts, phase: WaitPhase, clock: string]>([
    [{ total: 200 }, 'idle', 'total'],
    [{ stall: 200 }, 'idle', 'stall'],
    [{ response: 200 }, 'body', 'response'],
  ])('are checked: %j', async (limits, phase, which) => {
    const { clock, closed, deadline } = setup(limits);
    deadline.check(phase);
    for (let i = 0; i < 4; i++) {
      expect(deadline.check(phase)).toBeUndefined();
      await clock.advance(50);
    }
    const error = deadline.check(phase);
    expect(error?.phase).toBe(which);
    expect(closed).toEqual([error]);
    expect(deadline.check(phase)).toBe(error);
    deadline.restart();
    if (which === 'stall') expect(deadline.check(phase)).toBeUndefined();
  });

  it('count at most 50 ms each, whatever the reader does between them', async () => {
    const { clock, deadline } = setup({ total: 1_000 });
    deadline.check('idle');
    for (let i = 0; i < 19; i++) {
      await clock.advance(3_600_000);
      expect(deadline.check('idle')).toBeUndefined();
    }
    await clock.advance(3_600_000);
    expect(deadline.check('idle')?.phase).toBe('total');
  });

  it('count once where one has ended a wait', async () => {
    const { clock, deadline, waitFor } = setup({ total: 1_000 });
    await waitFor(10, 'idle');
    for (const waited of [10, 40, 70]) {
      deadline.check('idle');
      expect(deadline.waited).toBe(waited);
      await clock.advance(30);
    }
  });

  it('progress: stall does not count', async () => {
    const { clock, deadline } = setup({ stall: 100 });
    for (let i = 0; i < 50; i++) {
      expect(deadline.check('idle')).toBeUndefined();
      deadline.progress();
      await clock.advance(40);
    }
  });
});

describe('a clock that fires while something waits to be read', () => {
  it.each<WaitPhase>(['response', 'idle', 'body'])('%s: what is there is taken', async (phase) => {
    let now = 0;
    let fire: () => void = () => {};
    const clock = {
      now: () => now,
      setTimeout: (callback: () => void) => {
        fire = callback;
      },
      clearTimeout: () => {},
    };
    const closed: unknown[] = [];
    const limits = withTimeout(OFF, { response: 100, idle: 100 });
    const deadline = new Deadline(limits, clock, (error) => void closed.push(error));
    let arrive: (value: string) => void = () => {};
    const bytes = new Promise<string>((resolve) => {
      arrive = resolve;
    });
    const waiting = deadline.wait(bytes, phase);
    waiting.catch(() => {});
    // The loop was blocked: the timer runs before the bytes are delivered.
    now = 250;
    setImmediate(() => arrive('bytes'));
    fire();
    expect(await waiting).toBe('bytes');
    await new Promise(setImmediate);
    expect(closed).toEqual([]);
  });
});

it('no timer is set to a negative time', async () => {
  const set: number[] = [];
  const clock = new ManualClock();
  const original = clock.setTimeout.bind(clock);
  clock.setTimeout = (callback, ms) => {
    set.push(ms);
    return original(callback, ms);
  };
  const deadline = new Deadline(withTimeout(OFF, { total: 100 }), clock, () => {});
  deadline.check('idle');
  for (let i = 0; i < 3; i++) {
    await clock.advance(50);
    const wait = deadline.start('idle', () => {});
    deadline.stop(wait);
  }
  expect(set.length).toBeGreaterThan(0);
  expect(Math.min(...set)).toBeGreaterThanOrEqual(0);
});
