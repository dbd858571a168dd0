// `npm run verify-decisions`: whether every decision still says what was locked. Prints each area's head, and
// ends with 1 at a break, which it names. On DATABASE_URL, or the embedded database while no server has it open.
import { readConfig } from '../config.ts';
import { openDatabase } from '../database/database.ts';
import { verify } from '../decisions/verify.ts';
import { run } from '../run.ts';

await run(async () => {
  const database = await openDatabase(readConfig(process.env));
  try {
    const verified = await verify(database.db);
    for (const { area, head, broken } of verified) {
      if (broken === null) console.log(`${area.name}: ${head.number} decisions, whole. Head: ${head.hash}`);
      else console.error(`${area.name}: BROKEN. ${broken}`);
    }
    if (verified.length === 0) console.log('There is no area yet, and so no decision.');
    if (verified.some(({ broken }) => broken !== null)) process.exitCode = 1;
  } finally {
    await database.close();
  }
});
