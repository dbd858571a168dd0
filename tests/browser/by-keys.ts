// What somebody does who uses no mouse.
import { expect, type Locator, type Page } from '@playwright/test';
import { command } from './commanding.ts';

/** Tabs on from where the focus is until it is there. */
export async function tabTo(page: Page, target: Locator, most = 40): Promise<void> {
  await expect(target).toBeVisible();
  const isThere = () => target.evaluate((element) => element === document.activeElement);
  for (let presses = 0; !(await isThere()); presses++) {
    if (presses === most) throw new Error(`not reached within ${most} tabs`);
    await page.keyboard.press('Tab');
  }
}

/** Whoever holds the chair records the family's joint rating. */
export async function concludeByKeys(page: Page, rating: string, why: string): Promise<void> {
  await command(page, 'Conclusion');
  const joint = page.getByRole('radiogroup', { name: 'Joint rating of the family' });
  await tabTo(page, joint.getByRole('radio').first());
  await page.keyboard.press(rating.charAt(0));
  await expect(joint.getByRole('radio', { name: rating })).toBeChecked();
  await tabTo(page, page.getByLabel(/^Why\?/));
  await page.keyboard.press('Control+a');
  await page.keyboard.type(why);
  await tabTo(page, page.getByRole('button', { name: 'Record the joint rating' }));
  await page.keyboard.press('Enter');
  await expect(page.getByRole('button', { name: 'Change the joint rating' })).toBeVisible();
}
