// @hocuspocus/server with its defaults. DATABASE_URL turns on its database extension, which stores a document
// some seconds after it changed.
import { Server } from '@hocuspocus/server';

const extensions = [];
if (process.env.DATABASE_URL) {
  const { Database } = await import('@hocuspocus/extension-database');
  const { default: pg } = await import('pg');
  const pool = new pg.Pool({ connectionString: process.env.DATABASE_URL, max: 10 });
  await pool.query('create table if not exists stored (name text primary key, state bytea not null)');
  extensions.push(
    new Database({
      fetch: async ({ documentName }) => {
        const { rows } = await pool.query('select state from stored where name = $1', [documentName]);
        return rows[0]?.state ?? null;
      },
      store: async ({ documentName, state }) => {
        await pool.query(
          'insert into stored values ($1, $2) on conflict (name) do update set state = excluded.state',
          [documentName, state]
        );
      }
    })
  );
}
await new Server({ port: Number(process.env.PORT), address: '127.0.0.1', quiet: true, extensions }).listen();
