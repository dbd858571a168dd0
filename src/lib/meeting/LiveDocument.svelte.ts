// One live document over y-websocket, honest about what is saved. A refusal makes one's own copy different
// from everyone else's for ever, so the copy is thrown away, a fresh one is opened, and the words that were
// not saved are handed over as text; the old update is never sent again. What is not saved is kept on this device
// too, and a reload goes on from there under a client id of its own. Carries SAVED rules, OFFLINE6 and WAKE2.
import { WebsocketProvider } from 'y-websocket';
import * as Y from 'yjs';
import {
  closeCodes,
  decodeHouseMessage,
  encodeWritten,
  houseMessage,
  type HouseMessage
} from '#lib/protocol/sync.ts';
import { countingSocket } from './CountingSocket.ts';
import { soon, type Keepsake } from './keeping/Keeping.ts';
import { delayBefore, isSilent } from './reconnect.ts';
import { Saving, type Change } from './Saving.ts';
import { placeOf, unsavedWords, type UnsavedWords } from './unsaved.ts';

export interface Lost {
  readonly why: 'refused' | 'locked' | 'gone';
  readonly message: string;
  readonly words: readonly UnsavedWords[];
}

/** 'gone': it is no longer this person's to see. */
export type Fate = 'open' | 'gone' | 'signed-out';

export interface DocumentListener {
  /** Words that did not reach the document; the copy they stood in is gone. */
  lost(lost: Lost): void;
  locked(at: string, by: string): void;
  /** The connection failed or was taken away: find out why. 'open': go on trying. */
  askWhy(): Promise<Fate>;
}

export interface SyncAddress {
  /** ws(s)://host/sync/<meetingId> */
  readonly address: string;
  /** In whose name this page writes: the server refuses it in another's. */
  readonly userId: string;
  /** This page is the room's screen: the server gives it what may hang there. */
  readonly screen?: boolean;
}

/** A document as this device kept it. */
export interface KeptDocument {
  readonly keepsake: Keepsake | undefined;
  readonly meetingId: string;
  /** What to go on from; undefined: the server has all of it. */
  readonly restored:
    | { readonly states: readonly Uint8Array[]; readonly changes: readonly Change[]; readonly lostAt: number }
    | undefined;
}

export class LiveDocument {
  readonly name: string;
  readonly #at: SyncAddress;
  readonly #listener: DocumentListener;
  readonly #kept: KeptDocument | undefined;
  #document = $state.raw(new Y.Doc());
  #provider: WebsocketProvider | undefined;
  #saving = new Saving();
  /** Counts what happened, so that readers of `saving` are run again. */
  #turn = $state(0);
  #up = $state(false);
  #been = $state(false);
  #lostAt = $state<number | null>(null);
  #back = $state.raw<{ at: number; kept: number } | null>(null);
  #keptWhileAway = 0;
  #failures = 0;
  #retry: ReturnType<typeof setTimeout> | undefined;
  #closed = false;
  #refusal = '';

  constructor(at: SyncAddress, name: string, listener: DocumentListener, kept?: KeptDocument) {
    this.#at = at;
    this.name = name;
    this.#listener = listener;
    this.#kept = kept;
    this.#restore();
    this.#join();
  }

  /** The document as it is now; another one after a refusal. */
  get document(): Y.Doc {
    return this.#document;
  }
  /** Connected, and in step with the server. */
  get up(): boolean {
    return this.#up;
  }
  /** It is here, from the server or as this device kept it. */
  get been(): boolean {
    return this.#been;
  }
  get lostAt(): number | null {
    return this.#lostAt;
  }
  get back(): { at: number; kept: number } | null {
    return this.#back;
  }
  get saving(): Saving {
    void this.#turn;
    return this.#saving;
  }
  get awareness(): WebsocketProvider['awareness'] | undefined {
    void this.#document;
    return this.#provider?.awareness;
  }

  /** The browser knows that there is no network: don't wait for a timeout to say so. */
  leaveLine(): void {
    clearTimeout(this.#retry);
    const provider = this.#provider;
    if (!provider?.shouldConnect) return;
    // Safari hangs when a socket is closed that is still connecting; that one fails by itself.
    if (provider.wsconnecting) provider.shouldConnect = false;
    else provider.disconnect();
  }

  /** Tries the connection now. */
  tryAgain(): void {
    clearTimeout(this.#retry);
    if (!this.#closed && !this.#up) this.#provider?.connect();
  }

  /** The page was asleep: a socket may say that it is open and be dead. */
  wake(): void {
    if (this.#closed) return;
    const provider = this.#provider;
    this.#failures = 0;
    if (!this.#up) return this.#comeBack();
    if (provider && isSilent(provider.wsLastMessageReceived, Date.now())) provider.disconnect();
  }

  /** It is no longer this person's to see: what is not saved goes back to its author, and nothing is sent any more. */
  giveBack(): void {
    if (this.#closed) return;
    this.#startAfresh('gone', '', false);
    this.close();
  }

  close(): void {
    this.#closed = true;
    clearTimeout(this.#retry);
    // Taken now: what is not saved waits on the device, and the rest has no reason to stay there.
    const left = this.#saving.count > 0 ? this.#content() : undefined;
    this.#kept?.keepsake?.keep(() => left, soon.now);
    this.#letGo();
  }

  #restore(): void {
    const restored = this.#kept?.restored;
    if (!restored) return;
    for (const state of restored.states) Y.applyUpdate(this.#document, state, this);
    this.#saving.restore(restored.changes);
    this.#keptWhileAway = this.#saving.count;
    this.#lostAt = restored.lostAt;
    this.#been = true;
    this.#keep(soon.written);
  }

  #join(): void {
    const document = this.#document;
    document.on('afterTransaction', (transaction) => this.#noteWriting(document, transaction));
    const provider = new WebsocketProvider(this.#at.address, this.name, document, {
      disableBc: true,
      params: { acks: '1', as: this.#at.userId, ...(this.#at.screen ? { screen: '1' } : {}) },
      // Answers keep the provider's watchdog quiet, and a line that is dead without saying so is found.
      resyncInterval: 12_000,
      WebSocketPolyfill: countingSocket((sent) => {
        if (sent === 'reply') this.#saving.sentReply();
        else this.#saving.sentUpdate();
        this.#turn++;
      })
    });
    this.#provider = provider;
    provider.messageHandlers[houseMessage] = (_encoder, decoder) =>
      this.#hear(provider, decodeHouseMessage(decoder));
    // Said before the words themselves: if the card was locked meanwhile, they are shown with this time.
    provider.on('status', ({ status }) => {
      const newest = this.#saving.unsaved.at(-1);
      if (status === 'connected' && newest) provider.ws?.send(encodeWritten(new Date(newest.at)));
    });
    provider.on('sync', (inStep: boolean) => {
      if (inStep && provider === this.#provider) this.#arrived();
    });
    provider.on('connection-close', (event: CloseEvent | null) => {
      if (provider === this.#provider) this.#dropped(provider, event);
    });
  }

  /** Transactions that the provider applied are others'; all else was written here. */
  #noteWriting(document: Y.Doc, transaction: Y.Transaction): void {
    if (document !== this.#document || transaction.changed.size === 0) return;
    if (transaction.origin === this.#provider) return this.#keep(soon.seen);
    const [type] = transaction.changed.keys();
    const place = type && placeOf(type);
    const client = document.clientID;
    this.#saving.wrote({
      place: place ? `${place.section}/${place.key ?? ''}` : '',
      client,
      from: transaction.beforeState.get(client) ?? 0,
      to: transaction.afterState.get(client) ?? 0,
      at: Date.now()
    });
    this.#keep(soon.written);
    this.#turn++;
  }

  #hear(provider: WebsocketProvider, message: HouseMessage): void {
    if (provider !== this.#provider) return;
    switch (message.kind) {
      case 'saved':
        this.#saving.saved(message.count, message.at);
        if (this.#keptWhileAway > 0 && this.#saving.count === 0) {
          this.#back = { at: Date.now(), kept: this.#keptWhileAway };
          this.#keptWhileAway = 0;
          this.#keep(soon.written);
        }
        this.#turn++;
        break;
      case 'refused':
        this.#refusal = message.message;
        this.#startAfresh('refused', message.message);
        break;
      case 'locked':
        this.#listener.locked(message.at, message.by);
        if (message.late) this.#startAfresh('locked', '');
        else this.#wait(() => this.#saving.count > 0 && this.#startAfresh('locked', ''));
    }
  }

  /** Gives what was written before the lock the time to be acknowledged, or to be kept by the server as late. */
  #wait(then: () => void): void {
    const document = this.#document;
    setTimeout(() => document === this.#document && !this.#closed && then(), 3000);
  }

  #arrived(): void {
    this.#up = true;
    this.#been = true;
    this.#failures = 0;
    this.#lostAt = null;
    this.#keep(soon.seen);
  }

  /** The provider retries by itself without chance in its times; a whole room would return at the same moment. */
  #dropped(provider: WebsocketProvider, event: CloseEvent | null): void {
    provider.shouldConnect = false;
    const opened = this.#up;
    this.#up = false;
    this.#lostAt ??= Date.now();
    this.#saving.dropped();
    this.#keptWhileAway = Math.max(this.#keptWhileAway, this.#saving.count);
    this.#keep(soon.now);
    this.#turn++;
    if (this.#closed) return;
    const code = event?.code ?? 0;
    if (code === closeCodes.refused) return this.#startAfresh('refused', this.#refusal);
    if (code === closeCodes.locked) return this.#startAfresh('locked', '');
    if (code === closeCodes.gone || !opened) void this.#ask();
    else this.#comeBack();
  }

  async #ask(): Promise<void> {
    const fate = await this.#listener.askWhy();
    if (this.#closed) return;
    if (fate === 'open') return this.#comeBack();
    if (fate === 'gone') return this.giveBack();
    this.close();
  }

  #comeBack(): void {
    if (this.#closed) return;
    clearTimeout(this.#retry);
    this.#retry = setTimeout(() => this.tryAgain(), delayBefore(this.#failures++, Math.random));
  }

  #startAfresh(why: Lost['why'], message: string, again = true): void {
    const old = this.#document;
    const words = unsavedWords(old, this.#saving.unsaved);
    this.#letGo();
    this.#saving.forget();
    this.#keptWhileAway = 0;
    this.#document = new Y.Doc();
    this.#up = false;
    this.#been = false;
    // In the same breath as the words are kept as text: after a reload the old update is not sent again either.
    this.#kept?.keepsake?.keep(() => undefined, soon.now);
    if (words.length > 0 || why === 'refused') this.#listener.lost({ why, message, words });
    if (again && !this.#closed) this.#join();
  }

  #keep(within: number): void {
    this.#kept?.keepsake?.keep(() => this.#content(), within);
  }

  #content() {
    if (!this.#kept || !this.#been) return undefined;
    const changes = this.#saving.unsaved;
    const note = { kind: 'document', meetingId: this.#kept.meetingId, name: this.name, changes } as const;
    return { note, bytes: Y.encodeStateAsUpdate(this.#document) };
  }

  #letGo(): void {
    const provider = this.#provider;
    this.#provider = undefined;
    try {
      provider?.destroy();
    } catch (error) {
      // y-websocket 3.1 throws here once a foreign client's state has reached it; the socket must still go.
      console.warn('The connection did not end tidily', error);
      provider?.ws?.close();
    }
    this.#document.destroy();
  }
}
