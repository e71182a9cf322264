#!/usr/bin/env node
import { run } from './run.js';

// Whoever reads us may leave. What is written to them then is lost, and that is all: without a
// listener it would end the process with a stack.
for (const stream of [process.stdout, process.stderr]) stream.on('error', () => {});

process.exitCode = await run(process.argv.slice(2), process);
