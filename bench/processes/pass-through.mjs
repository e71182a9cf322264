/* A proxy that does nothing else: what one costs at least on `node:http`. Arguments: the URL of the API. It tells its port. */
import { createServer, request } from 'node:http';

const upstream = new URL(process.argv[2]);

const server = createServer((incoming, outgoing) => {
  const { method, url, headers } = incoming;
  const sent = request(new URL(url, upstream), { method, headers }, (response) => {
    outgoing.writeHead(response.statusCode, response.headers);
    response.pipe(outgoing);
  });
  incoming.pipe(sent);
});
server.listen(0, '127.0.0.1', () => process.send({ port: server.address().port }));
process.on('disconnect', () => process.exit());
