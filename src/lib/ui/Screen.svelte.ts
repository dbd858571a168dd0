// How this person has their screen, in one object for all pages; kept in a cookie, so that the server's first page
// already looks as chosen. Components ask it; what a choice means is in domain/screen.ts.
import { getContext, onMount, setContext } from 'svelte';
import {
  readScreen,
  screenCookie,
  writeScreen,
  type Contrast,
  type Naming,
  type Rate,
  type Screen as Chosen
} from '#lib/domain/screen.ts';

/** For how long a browser keeps it: as long as browsers keep anything. Seconds. */
const year = 365 * 24 * 60 * 60;

export class Screen {
  #chosen = $state.raw<Chosen>() as Chosen;

  constructor(chosen: Chosen) {
    this.#chosen = chosen;
  }

  get contrast(): Contrast {
    return this.#chosen.contrast;
  }
  set contrast(contrast: Contrast) {
    this.#choose({ contrast });
  }
  /** How much of what others do is said aloud. */
  get sentences(): Rate {
    return this.#chosen.sentences;
  }
  set sentences(sentences: Rate) {
    this.#choose({ sentences });
  }

  /** How family members stand on the board. */
  get names(): Naming {
    return this.#chosen.names;
  }
  set names(names: Naming) {
    this.#choose({ names });
  }

  /** Takes over what another tab chose, or, on a page that came without cookies, what this browser kept. */
  recall(): void {
    const kept = document.cookie.split('; ').find((each) => each.startsWith(`${screenCookie}=`));
    this.#chosen = readScreen(kept?.slice(screenCookie.length + 1));
  }

  #choose(part: Partial<Chosen>): void {
    this.recall();
    this.#chosen = { ...this.#chosen, ...part };
    const secure = location.protocol === 'https:' ? '; secure' : '';
    document.cookie = `${screenCookie}=${writeScreen(this.#chosen)}; path=/; max-age=${year}; samesite=lax${secure}`;
  }
}

const key = Symbol('screen');

/** Once, around all pages: shows what is chosen on the page itself, and follows what other tabs choose. */
export function provideScreen(screen: Screen): Screen {
  onMount(() => {
    screen.recall();
    const again = () => !document.hidden && screen.recall();
    document.addEventListener('visibilitychange', again);
    return () => document.removeEventListener('visibilitychange', again);
  });
  $effect(() => {
    document.documentElement.dataset.contrast = screen.contrast;
  });
  return setContext(key, screen);
}

export function useScreen(): Screen {
  const screen = getContext<Screen | undefined>(key);
  if (!screen) throw new Error('This component stands outside the frame of the pages');
  return screen;
}
