// Reads a file beside the page, so that a large one does not freeze it.
import { readNotifications } from '#lib/domain/notification.ts';
import type { ReadRow } from '#lib/domain/notification-row.ts';
import { readTable, type Table, type Unreadable } from '#lib/domain/notification-table.ts';

export interface ReadFile {
  readonly table: Table | Unreadable;
  /** The rows as read under the file's own columns. */
  readonly rows: ReadonlyMap<number, ReadRow>;
}

addEventListener('message', (event: MessageEvent<ArrayBuffer>) => {
  const table = readTable(new Uint8Array(event.data));
  const rows = new Map<number, ReadRow>();
  if (!('unreadable' in table)) readNotifications(table, {}, [], rows);
  postMessage({ table, rows } satisfies ReadFile);
});
