/*
 * A Messages API in a process of its own: what it costs is not counted. Arguments: the kind of answer,
 * and its settings as JSON. It tells its port.
 */
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { createSecureServer } from 'node:http2';
import { createServer as createTlsServer } from 'node:https';
import { setTimeout as sleep } from 'node:timers/promises';
import { createCertificate } from '../dist/certificate.js';
import { sse, textDelta } from '../dist/wire.js';
import { textInput, toolInput } from '../harness/inputs.mjs';

const [kind, settings] = [process.argv[2], JSON.parse(process.argv[3])];

const HEAD = { 'content-type': 'text/event-stream', 'request-id': 'req_bench' };

/** Each makes a handler of responses. */
const KINDS = {
  /** One event every `gap` ms: of all streams at the same moments, or of each at its own. */
  slow: ({ events, gap, phases = 'aligned' }) => {
    const { frames } = textInput(events);
    return async (response) => {
      if (phases === 'random') await sleep(Math.random() * gap);
      let at = 0;
      const timer = setInterval(() => {
        response.write(frames[at++]);
        if (at < frames.length) return;
        clearInterval(timer);
        response.end();
      }, gap);
    };
  },

  /** All events at once, each a chunk of its own on the wire. */
  burst: ({ events }) => {
    const { frames } = textInput(events);
    return (response) => {
      response.cork();
      for (const frame of frames) response.write(frame);
      response.uncork();
      response.end();
    };
  },

  /** All of it in one piece. */
  whole: ({ events }) => {
    const { bytes } = textInput(events);
    return (response) => response.end(bytes);
  },

  /** Some events, then silence: deltas of words, of one piece again and again, or of a tool's input. */
  idle: ({ events, piece, json }) => {
    const { frames } = json === undefined ? textInput(events, piece) : toolInput(json);
    const begin = Buffer.concat(frames.slice(0, -3));
    return (response) => response.write(begin);
  },

  /** The events up to the first text at once, the others a little later. */
  first: () => {
    const { frames } = textInput(1);
    const begin = Buffer.concat(frames.slice(0, 4));
    const rest = Buffer.concat(frames.slice(4));
    return (response) => {
      response.write(begin);
      setTimeout(() => response.end(rest), 2);
    };
  },

  /** As much as the reader takes, up to `bytes`; it tells how much it could send in all. */
  endless: ({ bytes }) => {
    const piece = Buffer.from(sse(...new Array(100).fill(textDelta(0, 'word '))));
    const start = Buffer.concat(textInput(0).frames.slice(0, 3));
    return async (response) => {
      let sent = start.length;
      const left = new AbortController();
      const tell = setInterval(() => process.send({ sent }), 100);
      response.once('close', () => {
        clearInterval(tell);
        left.abort();
      });
      response.write(start);
      while (sent < bytes && !response.destroyed) {
        sent += piece.length;
        if (response.write(piece)) continue;
        await once(response, 'drain', { signal: left.signal }).catch(() => {});
      }
    };
  },

  /** A pause, then a text that says when it was written, on the clock that processes share. */
  stamp: ({ pause }) => {
    const { frames } = textInput(1);
    const start = Buffer.concat(frames.slice(0, 3));
    const end = Buffer.concat(frames.slice(4));
    return async (response) => {
      response.write(start);
      await sleep(pause);
      const text = String(process.hrtime.bigint());
      response.write(sse(textDelta(0, text)));
      await sleep(pause);
      response.end(end);
    };
  },
};

const answer = KINDS[kind](settings);
const respond = (request, response) => {
  response.on('error', () => {}); // Clients that leave are a part of it.
  request.resume().on('end', () => {
    response.writeHead(200, HEAD);
    response.flushHeaders();
    answer(response);
  });
};

/** What the server speaks. Over TLS its certificate is written to the file `certificate`. */
const SERVERS = {
  http: () => createServer(respond),
  https: (certificate) => createTlsServer(certificate, respond),
  h2: (certificate) => {
    const settings = { maxConcurrentStreams: 100 };
    return createSecureServer({ ...certificate, allowHTTP1: true, settings }, respond);
  },
};

const { protocol = 'http', certificate: file } = settings;
const certificate = file && createCertificate();
if (file) writeFileSync(file, certificate.cert);
const server = SERVERS[protocol](certificate);
server.on('sessionError', () => {});
server.on('connection', (socket) => socket.setNoDelay(true));
server.listen({ port: 0, host: '127.0.0.1', backlog: 4_096 }, () => {
  process.send({ port: server.address().port });
});
process.on('disconnect', () => process.exit());
