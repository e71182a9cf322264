import { type Command, command } from '../command.js';
import { HELP } from '../options/options.js';
import { UsageError } from '../usage-error.js';

export const inspectCommand: Command = command({
  summary: 'show what happened in streams, on a local page',
  usage: 'inspect [options] [FILE|DIR ...]',
  about: `Opens a page that shows recorded streams: when each byte, event and block arrived, where it
paused, and how it ended. It reads the files of millrace record and of --record, .jsonl lists of
events, and the bytes of event streams. A folder is followed: calls show up as they happen.`,
  options: {
    Recordings: {
      upstream: {
        type: 'text',
        value: 'URL',
        help: 'record a proxy of this API into DIR (default: a new folder), and show that',
      },
      port: {
        type: 'port',
        short: 'p',
        value: 'N',
        default: '8080',
        help: 'with --upstream: the port of the proxy',
      },
    },
    Page: {
      html: {
        type: 'file',
        value: 'FILE',
        help: 'write a page with the recordings inside, for a bug report, and end',
      },
      'page-port': {
        type: 'port',
        value: 'N',
        default: '0',
        help: 'the port of the page (default: a free one)',
      },
      'no-open': { type: 'flag', help: 'print the address, and open no browser' },
    },
    Other: HELP,
  },
  operands: 'file',
  examples: [
    'millrace inspect recordings',
    'millrace inspect --html report.html recordings/0001.jsonl',
    `millrace inspect --upstream https://api.anthropic.com &
  ANTHROPIC_BASE_URL=http://127.0.0.1:8080 python my_app.py`,
  ],
  run: async ({ values, operands }, terminal) => {
    const { html, upstream, port, 'page-port': pagePort, 'no-open': isQuiet } = values;
    if (upstream !== undefined && html !== undefined) {
      throw new UsageError(
        '--html writes what is recorded: record first, then run it on the folder',
      );
    }
    if (upstream === undefined && operands.length === 0) {
      throw new UsageError('name a recording, a folder of them, or --upstream URL');
    }
    const { findSources } = await import('../inspector/recording-files.js');
    const { showProxy, showRecordings, writePage } = await import('../inspector/show.js');
    if (html !== undefined) return writePage(html, await findSources(operands));
    const settings = { pagePort, isQuiet };
    if (upstream === undefined)
      return showRecordings(await findSources(operands), settings, terminal);
    const [dir, ...more] = operands;
    if (more.length > 0)
      throw new UsageError('--upstream records into one folder: name one, or none');
    return showProxy({ upstream, port, dir }, settings, terminal);
  },
});
