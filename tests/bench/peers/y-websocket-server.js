// @y/websocket-server 0.1.5 as published, in memory, over Yjs 13.6: as published it asks for Yjs 14
// pre-releases, and its @y/protocols for @y/y, so package.json overrides both.
import http from 'node:http';
import WebSocket from 'ws';
import { setupWSConnection } from '@y/websocket-server/utils';

const server = http.createServer((_request, response) => response.end('ok'));
const sockets = new WebSocket.Server({ noServer: true });
sockets.on('connection', setupWSConnection);
server.on('upgrade', (request, socket, head) =>
  sockets.handleUpgrade(request, socket, head, (each) => sockets.emit('connection', each, request))
);
server.listen(Number(process.env.PORT), '127.0.0.1');
