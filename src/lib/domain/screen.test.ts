import fc from 'fast-check';
import { expect, test } from 'vitest';
import { contrasts, isSaid, namings, rates, readScreen, usual, writeScreen } from './screen.ts';

test('EASE5: what a browser keeps of one’s screen is read as it was chosen, and anything else is as usual', () => {
  for (const contrast of contrasts)
    for (const sentences of rates)
      for (const names of namings) {
        const chosen = { contrast, sentences, names };
        expect(readScreen(writeScreen(chosen))).toEqual(chosen);
      }
  expect(readScreen(undefined)).toEqual(usual);
  expect(readScreen('contrast=high')).toEqual({ ...usual, contrast: 'high' });
  fc.assert(
    fc.property(fc.string(), (cookie) => {
      const read = readScreen(cookie);
      expect(contrasts).toContain(read.contrast);
      expect(rates).toContain(read.sentences);
    })
  );
});

test('EASE4: off leaves the answers to one’s own acts, important leaves out what is only good to know', () => {
  const said = (weight: Parameters<typeof isSaid>[0]) => rates.filter((rate) => isSaid(weight, rate));
  expect(said('answer')).toEqual(['off', 'important', 'all']);
  expect(said('important')).toEqual(['important', 'all']);
  expect(said('all')).toEqual(['all']);
});
