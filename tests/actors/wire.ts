// The wire between the server and its PostgreSQL, as a proxy that reads the protocol's messages: it can be held,
// cut, cut in place of the n-th message that goes either way, or closed for good, as by a death of the process.
// With it a fault is tried at every step of what the server does, without a line of it in the server.
import { once } from 'node:events';
import net from 'node:net';

export interface Wire {
  /** The same database, reached through this wire. */
  readonly url: string;
  /** Nothing passes either way until the release is called. */
  hold(): () => void;
  /** Ends every connection now; new ones are let in. */
  cut(): void;
  /** Ends every connection in place of the n-th message from now on (1: the next); an answer's rows are not counted. */
  cutAt(n: number, then?: () => void): Cut;
  /** Ends every connection and lets none in any more. */
  sever(): void;
  close(): Promise<void>;
}

export interface Cut {
  /** Whether it has come to that. */
  happened(): boolean;
  /** How many messages have passed. */
  passed(): number;
  /** From now on nothing is cut. */
  cancel(): void;
}

interface Line {
  readonly client: net.Socket;
  readonly server: net.Socket;
}

/** 'D': one row of an answer. */
const ROW = 0x44;

/** Opens a wire to the PostgreSQL of an address. */
export async function openWire(address: string): Promise<Wire> {
  const target = new URL(address);
  const lines = new Set<Line>();
  let held: (() => void)[] | undefined;
  let severed = false;
  let cutting: { left: number; passed: number; then: () => void } | undefined;

  const cut = () => {
    for (const { client, server } of lines) {
      client.destroy();
      server.destroy();
    }
    lines.clear();
  };
  /** Says whether this message may pass; the one that may not ends everything. */
  const passes = (isRow: boolean): boolean => {
    if (!cutting || isRow) return true;
    if (--cutting.left > 0) {
      cutting.passed++;
      return true;
    }
    const { then } = cutting;
    cutting = undefined;
    cut();
    then();
    return false;
  };
  const forward = (from: net.Socket, to: net.Socket, fromClient: boolean) => {
    const split = messages(fromClient);
    from.on('data', (bytes) => {
      const pass = () => {
        for (const message of split(bytes)) {
          if (to.destroyed || !passes(!fromClient && message[0] === ROW)) return;
          to.write(message);
        }
      };
      if (held) held.push(pass);
      else pass();
    });
    const end = () => (held ? held.push(() => to.destroy()) : to.destroy());
    from.on('error', () => undefined); // 'close' follows
    from.on('close', end);
  };
  const proxy = net.createServer((client) => {
    if (severed) return void client.destroy();
    const server = net.connect(Number(target.port), target.hostname);
    const line = { client, server };
    // Each message is written for itself; one that waits for the other's acknowledgement would take 40 ms.
    for (const end of [client, server]) end.setNoDelay(true);
    lines.add(line);
    server.on('close', () => lines.delete(line));
    forward(client, server, true);
    forward(server, client, false);
  });
  proxy.listen(0, '127.0.0.1');
  await once(proxy, 'listening');
  const url = new URL(address);
  url.hostname = '127.0.0.1';
  url.port = String((proxy.address() as net.AddressInfo).port);
  return {
    url: url.href,
    cut,
    hold() {
      held ??= [];
      return () => {
        const waiting = held ?? [];
        held = undefined;
        for (const pass of waiting) pass();
      };
    },
    cutAt(n, then = () => undefined) {
      const own = { left: n, passed: 0, then };
      cutting = own;
      return {
        happened: () => own.left === 0,
        passed: () => own.passed,
        cancel: () => void (cutting === own && (cutting = undefined))
      };
    },
    sever() {
      severed = true;
      cut();
    },
    async close() {
      severed = true;
      held = undefined;
      cut();
      proxy.close();
      await once(proxy, 'close');
    }
  };
}

/** Splits a stream of PostgreSQL's protocol into its messages; a client's first one has no letter before its length. */
function messages(fromClient: boolean): (bytes: Buffer) => Buffer[] {
  let rest: Buffer = Buffer.alloc(0);
  let head = fromClient ? 0 : 1;
  return (bytes) => {
    rest = Buffer.concat([rest, bytes]);
    const whole: Buffer[] = [];
    while (rest.length >= head + 4) {
      const length = head + rest.readUInt32BE(head);
      if (rest.length < length) break;
      whole.push(rest.subarray(0, length));
      rest = rest.subarray(length);
      head = 1;
    }
    return whole;
  };
}
