/* workerd: asked with the addresses as its body, it answers with a line of JSON for each check. */
import { WORKER } from './collect.mjs';
import { contractChecks } from './contract.mjs';
import { emulatedChecks } from './emulated.mjs';
import { followChecks } from './follow.mjs';
import { memoryChecks } from './memory.mjs';
import { networkChecks } from './network.mjs';
import { runChecks } from './run.mjs';

export default {
  async fetch(request) {
    const servers = await request.json();
    const lines = [];
    const report = (result) => lines.push(JSON.stringify(result));
    await runChecks('contract', contractChecks(servers), report);
    await runChecks('network', networkChecks(servers), report);
    await runChecks('emulator', emulatedChecks(servers, 'worker'), report);
    await runChecks('memory', memoryChecks(servers, WORKER), report);
    await runChecks('follow', followChecks(servers), report);
    return new Response(lines.join('\n'));
  },
};
