// A form that is answered in place, and leads to what was answered: an action may leave its list by what was said of
// it, so the focus goes to the sentence that says so, where the undo is; a fault keeps it in the form.
import { staying } from '../meetings/staying.ts';

/** Where the page says what was done. */
export const toldId = 'told';

/** To the first field at fault, else to the sentence that says what was done. */
export const said = () =>
  staying((form) =>
    form.isConnected && form.querySelector('.fault')
      ? (form.querySelector('[aria-invalid]') ?? form.querySelector('input:not([type=hidden])'))
      : document.getElementById(toldId)
  );
