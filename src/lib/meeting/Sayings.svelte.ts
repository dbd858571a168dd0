// What is said to a screen reader in one polite region: plain sentences, merged for a second and a half so that
// a busy table does not chatter, no sentence twice in a breath, and as many as its person wants. Carries EASE4.
import { isSaid, type Rate, type Weight } from '#lib/domain/screen.ts';

/** Sentences within this time are said together. Milliseconds. */
const breath = 1500;

export class Sayings {
  #text = $state('');
  #waiting: string[] = [];
  #timer: ReturnType<typeof setTimeout> | undefined;
  readonly #rate: () => Rate;

  /** @param rate how much of what others do this person wants to hear */
  constructor(rate: () => Rate) {
    this.#rate = rate;
  }

  get text(): string {
    return this.#text;
  }

  say(sentence: string, weight: Weight = 'important'): void {
    if (!isSaid(weight, this.#rate()) || this.#waiting.includes(sentence)) return;
    this.#waiting.push(sentence);
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      this.#text = this.#waiting.join(' ');
      this.#waiting = [];
    }, breath);
  }
}
