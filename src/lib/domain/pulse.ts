// The two questions that everyone is asked who sat at a meeting, and the three answers to each. Pure.

export const pulseQuestions = ['follow', 'heard'] as const;
export type PulseQuestion = (typeof pulseQuestions)[number];
export const pulseAnswers = ['yes', 'partly', 'no'] as const;
export type PulseAnswer = (typeof pulseAnswers)[number];

export const questionWords: Readonly<Record<PulseQuestion, string>> = {
  follow: 'Could you follow?',
  heard: 'Were you heard?'
};

export const answerWords: Readonly<Record<PulseAnswer, string>> = { yes: 'Yes', partly: 'Partly', no: 'No' };

/** The answer that a key gives where a question has the focus: the first letter of its word. */
export function answerOf(key: string): PulseAnswer | undefined {
  return pulseAnswers.find((answer) => answer.startsWith(key.toLowerCase()) && key.length === 1);
}
