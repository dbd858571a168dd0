// `npm start`: production. Refuses what would put a real family at risk.
import { isExposed, readConfig, StartError } from './config.ts';
import { holdsDemonstration } from './demo/area.ts';
import { run } from './run.ts';
import { serve } from './serve.ts';

await run(async () => {
  const config = readConfig(process.env);
  if (!config.databaseUrl && !config.embeddedAllowed)
    throw new StartError(
      'DATABASE_URL is not set. Production keeps its data in a PostgreSQL server; set EMBEDDED=yes to use the embedded database all the same, which does not survive a power cut.'
    );
  const exposed = config.origins.find(isExposed);
  if (exposed)
    throw new StartError(
      `ORIGIN is ${exposed}: plain http sends passwords and families' data in the open. Use https.`
    );
  const serving = await serve(process.env, async ({ services: { database } }) => {
    if (await holdsDemonstration(database))
      throw new StartError(
        'This database holds a demonstration, whose passwords are known to all. Use another database (or DATA_DIR).'
      );
  });
  console.log(`Same Room serves ${serving.address}`);
  console.log('This version is not for real families: it has no second factor at sign-in yet.');
  return serving;
});
