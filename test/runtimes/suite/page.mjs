/* A page: the driver gives it `report` and calls `runSuite`. */
import { contractChecks } from './contract.mjs';
import { emulatedChecks } from './emulated.mjs';
import { followChecks } from './follow.mjs';
import { networkChecks } from './network.mjs';
import { runChecks } from './run.mjs';

globalThis.runSuite = async (servers) => {
  await runChecks('contract', contractChecks(servers), globalThis.report);
  await runChecks('network', networkChecks(servers), globalThis.report);
  await runChecks('emulator', emulatedChecks(servers, 'page'), globalThis.report);
  await runChecks('follow', followChecks(servers), globalThis.report);
};
