// A line on which a browser may keep pages whole and take them out again (its back/forward cache). Our own answers say
// that nothing is to be kept, which Chromium obeys and not every browser does: this takes that word from them, and
// passes on everything else.
import http from 'node:http';
import net from 'node:net';
import { once } from 'node:events';

export interface KeepingLine {
  /** The address that people type. */
  readonly origin: string;
  /** Passes on to the server at this port. */
  leadTo(port: number): void;
  close(): void;
}

/** Opens the line, on a port of its own. */
export async function openKeepingLine(): Promise<KeepingLine> {
  let port = 0;
  const open = new Set<net.Socket>();
  const line = http.createServer((request, response) => {
    const { url: path, method, headers } = request;
    const onward = http.request({ host: 'localhost', port, path, method, headers }, (answer) => {
      const { 'cache-control': said, ...rest } = answer.headers;
      response.writeHead(answer.statusCode ?? 502, said === 'no-store' ? rest : answer.headers);
      answer.pipe(response);
    });
    onward.on('error', () => response.destroy());
    request.pipe(onward);
  });
  line.on('connection', (socket: net.Socket) => {
    open.add(socket);
    socket.on('close', () => open.delete(socket));
  });
  line.on('upgrade', (request, socket, head) => {
    const onward = net.connect(port, 'localhost');
    const { method, url, rawHeaders } = request;
    const fields = rawHeaders.flatMap((name, at) => (at % 2 ? [] : [`${name}: ${rawHeaders[at + 1]}`]));
    onward.write(`${[`${method} ${url} HTTP/1.1`, ...fields].join('\r\n')}\r\n\r\n`);
    onward.write(head);
    onward.pipe(socket).pipe(onward);
    for (const end of [onward, socket])
      end.on('error', () => {
        onward.destroy();
        socket.destroy();
      });
  });
  line.listen(0, 'localhost');
  await once(line, 'listening');
  return {
    origin: `http://localhost:${(line.address() as net.AddressInfo).port}`,
    leadTo: (to) => (port = to),
    close() {
      line.close();
      for (const socket of open) socket.destroy();
    }
  };
}
