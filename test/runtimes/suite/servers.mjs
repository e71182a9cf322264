/* The far side, in the driver's process. */
import { createEmulator, serve } from 'millrace/testing';
import { CASES as CONTRACT } from '../../contract/cases.ts';
import { contractServer } from '../../contract/server.ts';
import { CASES } from './cases.mjs';
import { CASE_HEADER } from './emulated.mjs';
import { startRelay } from './follow-server.mjs';
import { NETWORK_SCRIPTS } from './network-scripts.mjs';

/** For one run of the suite: a server that plays the contract table and the cases of the network, an emulator that
 * answers the cases, and a relay that is followed. */
export async function startServers() {
  const contract = await contractServer([...CONTRACT, ...NETWORK_SCRIPTS]);
  const taken = new Map();
  const emulator = await serve(
    createEmulator({
      replies: ({ headers }) => {
        const name = headers[CASE_HEADER];
        const n = taken.get(name) ?? 0;
        taken.set(name, n + 1);
        return CASES.get(name).replies[n];
      },
    }),
  );
  const relay = await startRelay();
  return {
    addresses: { contract: contract.url, emulator: emulator.url, relay: relay.url },
    stop: () => Promise.all([contract[Symbol.asyncDispose](), emulator.close(), relay.stop()]),
  };
}
