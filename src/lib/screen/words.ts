// What the room's screen says of where the table is. Plain British English.
import type { Stage } from '#lib/domain/course.ts';

export const stageSentences: Record<Stage, string> = {
  new: 'What is new since last time',
  information: 'Each agency says what it knows, and rates privately',
  analysis: 'What worries us, and what is going well',
  ratings: 'What each agency rated',
  conclusion: 'The joint rating, and why',
  plan: 'Who does what, and by when'
};
