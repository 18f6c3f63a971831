import type { Hint } from './hints.lexicon.js';

/** Every pattern is bounded, so that no text makes it slow. */
const MONTHS = 'january|february|march|april|may|june|july|august|september|october|november|december';
const DAYS = 'monday|tuesday|wednesday|thursday|friday|saturday|sunday';
const CALENDAR_DAY = `\\d{4}-\\d{2}-\\d{2}|(?:${MONTHS})\\s\\d{1,2}(?:st|nd|rd|th)?(?:,?\\s\\d{4})?|\\d{1,2}(?:st|nd|rd|th)?\\s(?:of\\s)?(?:${MONTHS})(?:,?\\s\\d{4})?|\\d{1,2}[./]\\d{1,2}[./]\\d{4}`;
const DATE = new RegExp(
  `\\b(?:${CALENDAR_DAY}|(?:(?:next|this|last)\\s)?(?:${DAYS})|today|tonight|tomorrow|yesterday|(?:next|this|last)\\s(?:week|month|quarter|year)|(?:${MONTHS})(?:\\s\\d{4})?)\\b`,
  'giu',
);
const TIME = '(?:[01]?\\d|2[0-3])(?::[0-5]\\d(?::[0-5]\\d)?(?:\\s?[ap]\\.?m\\b\\.?)?|\\s?[ap]\\.?m\\b\\.?)';
const MOMENT = new RegExp(
  `\\b(?:\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}(?:\\.\\d{1,9})?(?:Z|[+-]\\d{2}:\\d{2})|(?:${CALENDAR_DAY}),?\\s(?:at\\s)?${TIME})`,
  'giu',
);
const OCTET = '(?:25[0-5]|2[0-4]\\d|1?\\d?\\d)';

const FORMS: Partial<Readonly<Record<Hint, RegExp>>> = {
  email: /(?<![\p{L}\p{N}._%+-])[A-Za-z0-9._%+-]{1,64}@(?:[A-Za-z0-9-]{1,63}\.){1,4}[A-Za-z]{2,24}\b/gu,
  url: /\bhttps?:\/\/[^\s<>"')\]]{1,300}[^\s<>"')\].,;:!?]/gu,
  phone: /(?<![\p{L}\p{N}])\+?\d[\d ().-]{5,18}\d(?![\p{L}\p{N}])/gu,
  date: DATE,
  moment: MOMENT,
  time: new RegExp(`\\b${TIME}|\\bnoon\\b|\\bmidnight\\b`, 'giu'),
  duration: /\b\d{1,6}(?:[.,]\d{1,3})?[\s-](?:second|minute|hour|day|week|month|year)s?\b/giu,
  uuid: /\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b/giu,
  address: new RegExp(`(?<![\\d.])${OCTET}(?:\\.${OCTET}){3}(?!\\d|\\.\\d)`, 'gu'),
  money:
    /[€$£¥]\s?\d{1,12}(?:[.,]\d{1,3}){0,4}(?:\s(?:million|billion|thousand))?|\b\d{1,12}(?:[.,]\d{1,3}){0,4}\s?(?:[€$£¥]|(?:million\s|billion\s|thousand\s)?(?:euros?|dollars?|pounds?|EUR|USD|GBP|CZK|crowns?)\b)/gu,
};

/** Every piece of a text that has the form; nothing for kinds that no form tells. */
export const ofForm = (hint: Hint, text: string): readonly string[] => {
  const form = FORMS[hint];
  return form === undefined ? [] : Array.from(text.matchAll(form), ([found]) => found);
};

export const hasForm = (hint: Hint): boolean => FORMS[hint] !== undefined;

const MONTH_NAMES = MONTHS.split('|');

/** A calendar day as `YYYY-MM-DD`; `undefined` for words that name no one day, such as "Friday". */
export function isoDay(text: string): string | undefined {
  const iso = /^\d{4}-\d{2}-\d{2}\b/.exec(text)?.[0];
  if (iso !== undefined) return existing(iso);
  const month = MONTH_NAMES.findIndex((name) => text.toLowerCase().includes(name)) + 1;
  const year = /\b\d{4}\b/.exec(text)?.[0];
  const day = /\b\d{1,2}(?=st|nd|rd|th|\b)/.exec(text)?.[0];
  if (month === 0 || year === undefined || day === undefined) return undefined;
  return existing(`${year}-${String(month).padStart(2, '0')}-${day.padStart(2, '0')}`);
}

function existing(iso: string): string | undefined {
  const date = new Date(`${iso}T00:00:00Z`);
  return Number.isNaN(date.getTime()) || !date.toISOString().startsWith(iso) ? undefined : iso;
}

/** A time of day as `HH:MM:SSZ` (RFC 3339 wants an offset: none was told, so it is UTC). */
export function isoTime(text: string): string | undefined {
  const [, hour, minute = '00', second = '00', half] =
    /^(\d{1,2})(?::(\d\d))?(?::(\d\d))?\s?(?:([ap])\.?m\.?)?$/iu.exec(text) ?? [];
  if (hour === undefined) return undefined;
  const full = half === undefined ? Number(hour) : (Number(hour) % 12) + (half.toLowerCase() === 'p' ? 12 : 0);
  return full > 23 ? undefined : `${String(full).padStart(2, '0')}:${minute}:${second}Z`;
}
