// `npm run dev`: Vite's server with hot reload, carrying the same services.
import { createServer } from 'vite';
import { readConfig } from '../config.ts';
import { run } from '../run.ts';

await run(async () => {
  const config = readConfig(process.env);
  const vite = await createServer({ server: { port: config.port, host: config.host, strictPort: true } });
  await vite.listen();
  console.log(`Same Room (development) serves ${config.origins[0]}`);
  return vite;
});
