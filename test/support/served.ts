import {
  createEmulator,
  type Emulator,
  type Reply,
  type Server,
  serve,
} from '../../src/testing/index.js';

/** An emulator on a socket of its own: gives the replies in turn, and the last one again. */
export async function served(...replies: readonly Reply[]): Promise<Emulator & Server> {
  let taken = 0;
  const emulator = createEmulator({
    replies: () => replies[Math.min(taken++, replies.length - 1)] as Reply,
  });
  return { ...emulator, ...(await serve(emulator)) };
}
