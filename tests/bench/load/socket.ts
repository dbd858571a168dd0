// A minimal WebSocket client on node:net, so that the generator costs little beside the server it measures.
// One read buffer serves all sockets; a message is a view that is valid only during the call.
import net from 'node:net';
import { randomBytes } from 'node:crypto';

const shared = Buffer.allocUnsafe(256 * 1024);
const mask = Buffer.from([0x37, 0xfa, 0x21, 0x3d]);

/** A binary message as one masked frame. */
export function frame(payload: Uint8Array, opcode = 2): Buffer {
  const length = payload.length;
  const head = length < 126 ? 2 : length < 65536 ? 4 : 10;
  const out = Buffer.allocUnsafe(head + 4 + length);
  out[0] = 0x80 | opcode;
  if (length < 126) out[1] = 0x80 | length;
  else if (length < 65536) {
    out[1] = 0x80 | 126;
    out.writeUInt16BE(length, 2);
  } else {
    out[1] = 0x80 | 127;
    out.writeBigUInt64BE(BigInt(length), 2);
  }
  mask.copy(out, head);
  for (let i = 0, at = head + 4; i < length; i++, at++) out[at] = (payload[i] ?? 0) ^ (mask[i & 3] ?? 0);
  return out;
}

export interface SocketEvents {
  open(): void;
  message(payload: Buffer): void;
  closed(why: string): void;
}

export class Socket {
  bytesIn = 0;
  #socket: net.Socket;
  #events: SocketEvents;
  #rest: Buffer | undefined;
  /** A long message on its way: where its bytes gather, and how many are here. */
  #long: { readonly bytes: Buffer; here: number } | undefined;
  #open = false;
  #ended = false;

  constructor(url: URL, headers: Record<string, string>, events: SocketEvents) {
    this.#events = events;
    this.#socket = net.connect({
      host: url.hostname === 'localhost' ? '127.0.0.1' : url.hostname,
      port: Number(url.port),
      noDelay: true,
      onread: {
        buffer: shared,
        callback: (length, buffer) => {
          this.bytesIn += length;
          this.#read(Buffer.from(buffer.buffer, buffer.byteOffset, length));
          return true;
        }
      }
    });
    this.#socket.on('error', (error) => this.#end(error.message));
    this.#socket.on('close', () => this.#end('closed'));
    const lines = [
      `GET ${url.pathname}${url.search} HTTP/1.1`,
      `Host: ${url.host}`,
      'Upgrade: websocket',
      'Connection: Upgrade',
      `Sec-WebSocket-Key: ${randomBytes(16).toString('base64')}`,
      'Sec-WebSocket-Version: 13',
      ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`)
    ];
    this.#socket.write(`${lines.join('\r\n')}\r\n\r\n`);
  }

  send(payload: Uint8Array): void {
    if (!this.#ended) this.#socket.write(frame(payload));
  }

  close(): void {
    this.#ended = true;
    this.#socket.destroy();
  }

  #end(why: string): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#socket.destroy();
    this.#events.closed(why);
  }

  #read(arrived: Buffer): void {
    const long = this.#long;
    if (long) {
      const taken = arrived.copy(long.bytes, long.here);
      long.here += taken;
      if (long.here < long.bytes.length) return;
      this.#long = undefined;
      this.#events.message(long.bytes);
      arrived = arrived.subarray(taken);
    }
    let bytes = this.#rest ? Buffer.concat([this.#rest, arrived]) : arrived;
    this.#rest = undefined;
    if (!this.#open) {
      const end = bytes.indexOf('\r\n\r\n');
      if (end < 0) {
        this.#rest = Buffer.from(bytes);
        return;
      }
      const status = bytes.subarray(0, bytes.indexOf('\r\n')).toString('latin1');
      if (!status.startsWith('HTTP/1.1 101')) return this.#end(status);
      this.#open = true;
      this.#events.open();
      bytes = bytes.subarray(end + 4);
    }
    let at = 0;
    while (at + 2 <= bytes.length) {
      const opcode = bytes[at] ?? 0;
      let length = (bytes[at + 1] ?? 0) & 0x7f;
      let from = at + 2;
      if (length === 126) {
        if (from + 2 > bytes.length) break;
        length = bytes.readUInt16BE(from);
        from += 2;
      } else if (length === 127) {
        if (from + 8 > bytes.length) break;
        length = Number(bytes.readBigUInt64BE(from));
        from += 8;
      }
      if (from + length > bytes.length) {
        if (opcode !== 0x82 || length < 32_768) break;
        const gathered = Buffer.allocUnsafe(length);
        this.#long = { bytes: gathered, here: bytes.copy(gathered, 0, from) };
        return;
      }
      const payload = bytes.subarray(from, from + length);
      if (opcode === 0x82) this.#events.message(payload);
      else if (opcode === 0x89) this.#socket.write(frame(payload, 10));
      else if (opcode === 0x88)
        return this.#end(
          `closed by the server: ${length >= 2 ? payload.readUInt16BE(0) : ''} ${payload.subarray(2)}`
        );
      at = from + length;
    }
    if (at < bytes.length) this.#rest = Buffer.from(bytes.subarray(at));
  }
}
