import { z } from 'zod';
import { Secret } from '../../secret.js';

// What the texts of the environment mean.

export const port = z.coerce.number().int().min(0).max(65_535);
export const positive = z.coerce.number().int().positive();
export const perMinute = positive.max(100_000_000);
export const flag = z.enum(['true', 'false']).transform((text) => text === 'true');

/** A comma list. */
export const words = z.string().transform((text) =>
  text
    .split(',')
    .map((word) => word.trim())
    .filter((word) => word !== ''),
);

export const secret = (minimum: number) =>
  z
    .string()
    .min(minimum)
    .transform((text) => new Secret(text));

/** One that goes out in a header: a line break from a file would fail every call. */
export const sentSecret = z
  .string()
  .regex(/^[\x21-\x7e]+$/)
  .transform((text) => new Secret(text));
