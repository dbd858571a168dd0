// The first steps in words: one sentence each, and the key where there is one.
import type { WalkStep } from '#lib/domain/walk.ts';

export interface StepWords {
  readonly text: string;
  readonly key?: string;
}

const agree: StepWords = { text: 'Read the confidentiality statement, and agree to it by joining.' };

export const chairWords: Readonly<Partial<Record<WalkStep, StepWords>>> = {
  agree,
  open: { text: 'Open the meeting, in the strip at the foot.' },
  show: { text: 'Show the first family. The main button always names the next step.', key: 'Ctrl+.' },
  rate: {
    text: 'Rate the family for your own agency, and see under Ratings who has rated. Nobody sees how.',
    key: 'R, A, G or B on a rating'
  },
  reveal: { text: 'Go on from stage to stage, and reveal the ratings.', key: 'Ctrl+.' },
  conclude: { text: 'Conclude: choose the joint rating, and say why.' },
  propose: { text: 'Propose an action for an agency that is here, with a day. It accepts in a moment.' },
  lock: { text: 'Lock this family. What is missing is named, and you may pass it with a reason.' },
  next: { text: 'Show the next family.', key: 'Ctrl+Shift+.' },
  close: { text: 'Close the meeting whenever you like. The minutes are there at once.' }
};

export const repWords: Readonly<Partial<Record<WalkStep, StepWords>>> = {
  agree,
  record: {
    text: 'Say whether your agency holds a record of each person, and write under its name what the table should know.',
    key: 'N on a row: no record found'
  },
  rate: { text: 'Rate the family without the mouse.', key: 'arrows and Space, or R, A, G, B' },
  hand: { text: 'Raise your hand, and lower it again.', key: 'F8' },
  answer: { text: 'Answer what your agency is asked, at the top of the board.' },
  accept: { text: 'Accept the action that is proposed for your agency, in the plan.' }
};
