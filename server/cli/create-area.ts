// `npm run create-area -- --name 'North area' --coordinator someone@example.org`: an empty area, and a link
// with which its first coordinator chooses a password.
import { parseArgs } from 'node:util';
import * as z from 'zod';
import { readConfig, StartError } from '../config.ts';
import { openDatabase } from '../database/database.ts';
import { openIdentity } from '../identity/identity.ts';
import { openPeople } from '../identity/people.ts';
import { holdsDemonstration } from '../demo/area.ts';
import { run } from '../run.ts';

const usage = `Say it like this:
  npm run create-area -- --name 'North area' --coordinator someone@example.org`;

const asked = z.object({
  name: z.string('--name is missing: what the area is called').trim().min(1, '--name is empty').max(120),
  coordinator: z.email('--coordinator is missing, or is no email address').max(254)
});

await run(async () => {
  const parsed = asked.safeParse(given());
  if (!parsed.success)
    throw new StartError(`${parsed.error.issues.map((issue) => issue.message).join('\n')}\n${usage}`);
  const config = readConfig(process.env);
  const database = await openDatabase(config);
  try {
    if (await holdsDemonstration(database))
      throw new StartError(
        'This database holds a demonstration, whose passwords are known to all. Use another database (or DATA_DIR).'
      );
    const people = openPeople({ database, identity: openIdentity({ config, database }) });
    const { token } = await people.createArea(parsed.data.name, parsed.data.coordinator);
    console.log(
      `${parsed.data.name} is ready, and empty. Its first coordinator chooses a password here, once, within seven days:`
    );
    console.log(new URL(`/invitation/${token}`, config.origins[0]).href);
  } finally {
    await database.close();
  }
});

/** What the command line says; a mistyped option is told with how it is said right. */
function given() {
  try {
    return parseArgs({ options: { name: { type: 'string' }, coordinator: { type: 'string' } } }).values;
  } catch (error) {
    throw new StartError(`${(error as Error).message}\n${usage}`);
  }
}
