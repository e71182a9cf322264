/* A page: the driver gives it `report` and calls `runSuite`. */
import { PAGE } from './collect.mjs';
import { contractChecks } from './contract.mjs';
import { emulatedChecks } from './emulated.mjs';
import { followChecks } from './follow.mjs';
import { memoryChecks } from './memory.mjs';
import { networkChecks } from './network.mjs';
import { runChecks } from './run.mjs';

globalThis.runSuite = async (servers) => {
  await runChecks('contract', contractChecks(servers), globalThis.report);
  await runChecks('network', networkChecks(servers), globalThis.report);
  await runChecks('emulator', emulatedChecks(servers, 'page'), globalThis.report);
  await runChecks('follow', followChecks(servers), globalThis.report);
  await runChecks('memory', memoryChecks(servers, PAGE), globalThis.report);
};
