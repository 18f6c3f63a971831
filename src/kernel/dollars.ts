import { z } from 'zod';

const MOST_DOLLARS = 1_000_000;
const NANO_DIGITS = 9;

/**
 * An amount of money as people write it, `0.25` or `"0.25"`, read without rounding.
 *
 * @param digits behind the point, as many as there may be; the output counts units of that size: 9 makes nanodollars
 */
export const dollars = (digits: number) =>
  z
    .union([z.string(), z.number()])
    .transform(String)
    .pipe(z.string().regex(new RegExp(`^\\d{1,7}(\\.\\d{1,${digits}})?$`)))
    .transform((text) => unitsOf(text, digits))
    .pipe(z.number().max(MOST_DOLLARS * 10 ** digits));

function unitsOf(text: string, digits: number): number {
  const [whole = '', part = ''] = text.split('.');
  return Number(whole + part.padEnd(digits, '0'));
}

/** Nanodollars as a decimal number of dollars, exactly: `1500000000` is `1.5`. */
export function dollarText(nanodollars: number): string {
  const text = String(nanodollars).padStart(NANO_DIGITS + 1, '0');
  const part = text.slice(-NANO_DIGITS).replace(/0+$/, '');
  const whole = text.slice(0, -NANO_DIGITS);
  return part === '' ? whole : `${whole}.${part}`;
}
