// Someone connected: answers the protocol, holds no document, and hands on what arrives.
import type { Protocol, Room } from './job.ts';
import { Socket } from './socket.ts';
import { wireFor, type Wire } from './wire.ts';

const nothing = new Uint8Array([0, 0]);

export class Person {
  /** The first sync's bytes. */
  readonly synced: Promise<Uint8Array>;
  readonly client = 1 + Math.floor(Math.random() * 0x7ffffffe);
  clock = 1;
  /** Why the connection ended; empty while it has not. */
  closed = '';
  readonly #socket: Socket;
  readonly #wire: Wire;

  /**
   * @param n which of the room's people
   * @param update is handed each update's bytes, which it may not keep
   * @param enough a first sync of fewer bytes is not the one that is waited for
   */
  constructor(protocol: Protocol, room: Room, n: number, update: (bytes: Buffer) => void, enough = 0) {
    let done: (state: Uint8Array) => void = () => undefined;
    let failed: (error: Error) => void = () => undefined;
    this.synced = new Promise((resolve, reject) => {
      done = resolve;
      failed = reject;
    });
    this.synced.catch(() => undefined); // whoever waits for it is told
    const wire = wireFor(protocol, room.name);
    this.#wire = wire;
    const cookie = room.cookies[n % Math.max(1, room.cookies.length)];
    this.#socket = new Socket(new URL(room.url), cookie ? { cookie } : {}, {
      open: () => {
        for (const each of wire.hello) this.#socket.send(each);
        this.#socket.send(wire.sync(0, new Uint8Array([0])));
      },
      message: (payload) => {
        const { kind, from, to } = wire.read(payload);
        if (kind === 'update') update(payload.subarray(from, to));
        else if (kind === 'step-one') this.#socket.send(wire.sync(1, nothing));
        else if (kind === 'step-two' && to - from >= enough)
          done(Uint8Array.from(payload.subarray(from, to)));
      },
      closed: (why) => {
        this.closed = why;
        failed(new Error(why));
      }
    });
  }

  get bytesIn(): number {
    return this.#socket.bytesIn;
  }

  update(bytes: Uint8Array): void {
    this.#socket.send(this.#wire.sync(2, bytes));
  }

  here(client: number, cursor: unknown): void {
    const state = { user: { name: 'someone', color: '#30bced' }, cursor };
    this.#socket.send(this.#wire.awareness(client, this.clock++, state));
  }

  close(): void {
    this.#socket.close();
  }
}

/** Connects in groups, so that the machine's backlog of connections is not what is measured. */
export async function connectAll(makers: readonly (() => Person)[], group = 100): Promise<Person[]> {
  const people: Person[] = [];
  for (let at = 0; at < makers.length; at += group) {
    const some = makers.slice(at, at + group).map((make) => make());
    await Promise.all(some.map(({ synced }) => synced));
    people.push(...some);
  }
  return people;
}
