// The browser's own WebSocket, which tells of each sync message that carries an update, so that the server's
// 'saved' count can be compared with what was sent. The provider makes its socket itself, hence a subclass.

export type Sent = 'reply' | 'update';

/** A WebSocket class for one provider; `tell` is called before a step 2 ('reply') or an update leaves. */
export function countingSocket(tell: (sent: Sent) => void): typeof WebSocket {
  return class extends WebSocket {
    override send(data: string | BufferSource | Blob): void {
      const bytes = data instanceof Uint8Array ? data : undefined;
      // The first byte is the message's type (0: sync), the second its kind (1: step 2, 2: update).
      if (bytes?.[0] === 0 && bytes[1] === 1) tell('reply');
      if (bytes?.[0] === 0 && bytes[1] === 2) tell('update');
      super.send(data);
    }
  };
}
