#!/usr/bin/env node
import { run } from './run.js';

// The reader of a pipe can leave. What is written after that is lost; without a listener it would end
// the process with a stack trace.
for (const stream of [process.stdout, process.stderr]) stream.on('error', () => {});

process.exitCode = await run(process.argv.slice(2), process);
