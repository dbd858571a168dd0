// How a person has their screen: chosen by them, kept by their browser and nowhere else, and about nobody but them.
// Pure. Carries EASE4, EASE5 and DISCREET1.

export const contrasts = ['system', 'light', 'high'] as const;
/** `system`: whatever the browser says that its person prefers. */
export type Contrast = (typeof contrasts)[number];

export const rates = ['off', 'important', 'all'] as const;
/** How much of what others do is said aloud. */
export type Rate = (typeof rates)[number];

export const namings = ['shown', 'discreet'] as const;
/** Whether family members stand on the board by name, or by their role, where others see the screen. */
export type Naming = (typeof namings)[number];

export interface Screen {
  readonly contrast: Contrast;
  readonly sentences: Rate;
  readonly names: Naming;
}

export const usual: Screen = { contrast: 'system', sentences: 'important', names: 'shown' };

/** The cookie that a browser keeps it in. It outlives the session: whoever needs contrast needs it to sign in, too. */
export const screenCookie = 'screen';

/** Reads what the cookie says; what it does not say, or says wrongly, is as usual. */
export function readScreen(cookie: string | undefined): Screen {
  const said = new URLSearchParams(cookie ?? '');
  const one = <T extends string>(all: readonly T[], name: string, otherwise: T) =>
    all.find((each) => each === said.get(name)) ?? otherwise;
  return {
    contrast: one(contrasts, 'contrast', usual.contrast),
    sentences: one(rates, 'sentences', usual.sentences),
    names: one(namings, 'names', usual.names)
  };
}

/** What the cookie holds: `contrast=high&sentences=all`. */
export function writeScreen(screen: Screen): string {
  return new URLSearchParams({ ...screen }).toString();
}

/** How much a sentence matters: an answer to what one did oneself, what one must not miss, or what is good to know. */
export type Weight = 'answer' | 'important' | 'all';

/** Whether a sentence is said aloud at this rate. One's own acts are always answered. */
export function isSaid(weight: Weight, rate: Rate): boolean {
  if (weight === 'answer') return true;
  return weight === 'important' ? rate !== 'off' : rate === 'all';
}
