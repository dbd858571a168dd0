// The two questions after a meeting, for the person whose page this is. Asked of the server once; the answers go to it
// together, and neither is kept here. 'Not now' holds until the page is opened again.
import { pulseQuestions, type PulseAnswer, type PulseQuestion } from '#lib/domain/pulse.ts';
import type { PulseAsked } from '#lib/protocol/reports.ts';

export class Pulse {
  readonly #address: string;
  #state = $state<'none' | 'asked' | 'sending' | 'failed' | 'counted' | 'later'>('none');
  #until = $state('');
  #answers = $state.raw<Partial<Record<PulseQuestion, PulseAnswer>>>({});

  constructor(meetingId: string) {
    this.#address = `/api/meetings/${meetingId}/pulse`;
  }

  get state() {
    return this.#state;
  }
  /** ISO, UTC: for how long one is asked. */
  get until(): string {
    return this.#until;
  }
  answerTo(question: PulseQuestion): PulseAnswer | undefined {
    return this.#answers[question];
  }

  /** Asks whether this person is asked; without an answer nothing is shown. */
  async ask(): Promise<void> {
    const answer = await fetch(this.#address).catch(() => null);
    if (!answer?.ok) return;
    const { asked, until } = (await answer.json()) as PulseAsked;
    if (!asked || this.#state !== 'none') return;
    this.#until = until;
    this.#state = 'asked';
  }

  /** Takes an answer; with the last one all are sent. */
  async give(question: PulseQuestion, answer: PulseAnswer): Promise<void> {
    if (this.#state === 'sending' || this.#state === 'counted') return;
    this.#answers = { ...this.#answers, [question]: answer };
    if (pulseQuestions.every((each) => this.#answers[each])) await this.send();
  }

  async send(): Promise<void> {
    this.#state = 'sending';
    const answer = await fetch(this.#address, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(this.#answers)
    }).catch(() => null);
    // Counted before, in another tab: that is all that was wanted.
    this.#state = answer?.ok || answer?.status === 409 ? 'counted' : 'failed';
    if (this.#state === 'counted') this.#answers = {};
  }

  putOff(): void {
    this.#state = 'later';
  }
}
