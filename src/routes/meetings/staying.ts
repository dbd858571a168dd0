// A form that is answered in place: what was written stays written, and the focus stays where it was, or goes
// where the form says. SvelteKit by itself takes it to the page's start, away from who works by keyboard.
import type { SubmitFunction } from '@sveltejs/kit';
import { tick } from 'svelte';

/** @param then gives the element that is to have the focus once the answer is shown; otherwise it stays. */
export function staying(then?: (form: HTMLFormElement) => Element | null): SubmitFunction {
  return ({ formElement }) => {
    const before = document.activeElement;
    return async ({ update }) => {
      await update({ reset: false });
      await tick();
      const next = then?.(formElement) ?? before;
      if (next instanceof HTMLElement && next.isConnected) next.focus();
    };
  };
}

/** The heading over the families, where one is after a family has come or gone. */
export const toFamilies = () => document.getElementById('families');
