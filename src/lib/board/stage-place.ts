// Where on a card each stage's matter stands, and going there: only as far as is needed, and never with the focus.
import type { Stage } from '#lib/domain/course.ts';

const places: Readonly<Record<Stage, string>> = {
  new: 'card-heading',
  information: 'notes-heading',
  analysis: 'analysis-heading',
  ratings: 'grid-heading',
  conclusion: 'conclusion',
  plan: 'plan-heading'
};

const placeOf = (stage: Stage) => document.getElementById(places[stage]);

/** Where the bars at the top end. Pixels from the window's top. */
const barsEnd = () => Math.max(0, document.querySelector('.top')?.getBoundingClientRect().bottom ?? 0);

/** Whether the stage's heading is out of sight, behind the bars or beyond the window. */
export function isOutOfSight(stage: Stage): boolean {
  const top = placeOf(stage)?.getBoundingClientRect().top;
  return top !== undefined && (top < barsEnd() || top > innerHeight - 120);
}

/** Brings the stage's heading into sight under the bars, in one step. */
export function showStage(stage: Stage): void {
  const top = placeOf(stage)?.getBoundingClientRect().top;
  if (top !== undefined) scrollBy({ top: top - barsEnd() - 12, behavior: 'instant' });
}
