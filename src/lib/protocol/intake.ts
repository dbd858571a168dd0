// What the preview and the server say to each other about an import: what is here already, what the coordinator
// decided, what was done. Carries INTAKE rules.
import * as z from 'zod';
import { fields, type Field } from '../domain/notification-columns.ts';

const side = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('incident'), occurrence: z.string().max(200) }),
  z.strictObject({ kind: z.literal('family'), familyId: z.uuid() })
]);
const pair = z.strictObject({ a: side, b: side });

/** What the coordinator decided in the preview. The server reads the file again by it and trusts nothing else. */
export const order = z.strictObject({
  /** Columns chosen by hand; null where a field is said to be in none. */
  columns: z.partialRecord(z.enum(fields), z.int().min(0).max(1000).nullable()).default({}),
  /** Cells put right. */
  mends: z
    .array(
      z.strictObject({
        row: z.int().min(2),
        at: z.int().min(0).max(1000),
        value: z.string().max(20_000)
      })
    )
    .max(20_000)
    .default([]),
  /** Incidents taken although rows of them are faulty. */
  taken: z.array(z.string().max(200)).max(20_000).default([]),
  /** Whose pregnancy it is, by row; null where there is to be no unborn child. */
  pregnancies: z
    .array(z.strictObject({ occurrence: z.string().max(200), row: z.int().min(2).nullable() }))
    .max(20_000)
    .default([]),
  joins: z.array(pair).max(5000).default([]),
  apart: z.array(pair).max(5000).default([])
});
export type Order = z.output<typeof order>;
export type OrderGiven = z.input<typeof order>;

/** A notification typed in by hand: rows of cells, the first being the columns' headings. */
export const typedTable = z
  .array(z.array(z.string().max(20_000)).max(40))
  .min(2)
  .max(60);

/** What the preview asks about: the incidents and persons that a file names. */
export const lookFor = z.strictObject({
  occurrences: z.array(z.string().max(200)).max(20_000),
  marks: z.array(z.string().max(500)).max(20_000)
});
export type LookFor = z.output<typeof lookFor>;

/** What is here of it. */
export const found = z.strictObject({
  here: z.array(
    z.strictObject({
      occurrence: z.string(),
      familyId: z.string(),
      reference: z.string(),
      rows: z.array(z.strictObject({ key: z.string(), left: z.array(z.enum(fields)) }))
    })
  ),
  people: z.array(
    z.strictObject({
      familyId: z.string(),
      reference: z.string(),
      mark: z.string(),
      onOpenMeeting: z.boolean()
    })
  )
});
export type Found = z.output<typeof found>;

/** What an import did. */
export const summary = z.strictObject({
  importId: z.string().nullable(),
  rows: z.strictObject({
    imported: z.int(),
    held: z.int(),
    already: z.int()
  }),
  /** The notifications stored or added to. */
  incidents: z.array(
    z.strictObject({
      occurrence: z.string(),
      familyId: z.string(),
      reference: z.string(),
      added: z.int(),
      made: z.boolean(),
      incomplete: z.boolean()
    })
  ),
  unborn: z.int(),
  joined: z.array(z.strictObject({ familyId: z.string(), reference: z.string(), into: z.string() })),
  keptApart: z.int(),
  /** What was not stored, with the reasons. */
  held: z.array(z.strictObject({ id: z.string(), rows: z.array(z.int()), reasons: z.array(z.string()) }))
});
export type Summary = z.output<typeof summary>;
export type { Field };
