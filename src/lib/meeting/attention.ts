// Calling for a person's attention beyond the page: a soft sound, and the system's own notice. Neither says anything
// of a family, and neither comes unasked: sound where it is switched on, notices where the browser was allowed.

/** How often a ring is repeated, in milliseconds. */
const again = 4000;

/** Rings softly until the answer is called. Silent where the browser lets no page sound without a touch. */
export function ring(): () => void {
  const audio = new AudioContext();
  const sound = () => {
    void audio.resume();
    for (const [pitch, after] of [
      [523, 0],
      [659, 0.22]
    ] as const)
      note(audio, pitch, audio.currentTime + after);
  };
  sound();
  const timer = setInterval(sound, again);
  return () => {
    clearInterval(timer);
    void audio.close();
  };
}

function note(audio: AudioContext, pitch: number, at: number): void {
  const tone = audio.createOscillator();
  const loudness = audio.createGain();
  tone.frequency.value = pitch;
  loudness.gain.setValueAtTime(0, at);
  loudness.gain.linearRampToValueAtTime(0.12, at + 0.03);
  loudness.gain.exponentialRampToValueAtTime(0.0001, at + 0.6);
  tone.connect(loudness).connect(audio.destination);
  tone.start(at);
  tone.stop(at + 0.65);
}

export function mayNotify(): 'yes' | 'no' | 'ask' {
  if (typeof Notification === 'undefined') return 'no';
  return Notification.permission === 'granted' ? 'yes' : Notification.permission === 'denied' ? 'no' : 'ask';
}

/** Asks the browser's leave; to be called from a person's own act. */
export async function askToNotify(): Promise<boolean> {
  return (await Notification.requestPermission()) === 'granted';
}

/** Shows a notice outside the page, where that is allowed and the page is not in sight anyway. */
export function notifyOutside(text: string): void {
  if (mayNotify() !== 'yes' || document.visibilityState === 'visible') return;
  const notice = new Notification(text, { tag: 'same-room' });
  notice.onclick = () => {
    window.focus();
    notice.close();
  };
}
