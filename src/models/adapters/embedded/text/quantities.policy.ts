/** A number with what it counts, as it is written. */
export interface Quantity {
  readonly value: number;
  /** `%`, `money`, a unit of time or measure, or the noun that follows; empty when nothing does. */
  readonly unit: string;
  readonly written: string;
  readonly start: number;
  readonly end: number;
}

const QUANTITY =
  /([€$£¥]\s?|\b(?:EUR|USD|GBP|CHF)\s)?(?<![\p{L}\p{N}.,-])(\d{1,15}(?:[.,:]\d{1,6}){0,5})(?:(?![\p{L}\d])|(?=[kK]\b))(?:\s?([kK]\b|%|percent\b|per cent\b|thousand\b|million\b|billion\b|bn\b))?(?:\s?([€$£¥]|[\p{L}°]{1,20}(?:²|³)?))?/gu;
const SCALE: Readonly<Record<string, number>> = { k: 1e3, thousand: 1e3, million: 1e6, billion: 1e9, bn: 1e9 };
const MONEY = /^(?:[€$£¥]|euros?|eur|dollars?|usd|pounds?|gbp|kron(?:or|er|a)|francs?|chf|yen|rupees?|pesos?)$/iu;
const NOT_A_UNIT =
  /^(?:and|or|to|in|on|at|by|of|for|from|with|because|if|when|while|which|that|who|though|although|unless|since|so|than|once|is|are|was|were|a|an|the|per|until|before|after|between|but|as|has|have|had|still|would|will|could|may|might|can|must|ohne|und|oder|mit|bis|für|im|am|zu|de|du|des|et|ou|con|sin|para|por|y|e|sans|avec|pour)$/iu;
const DATE =
  /\b(?:by|before|until|from|since|on|in|after|till)\s(?:the\s)?(?:(?:end|start|beginning|middle) of\s)?(?:(?:early|mid|late|next|last|this)[\s-])?(?:\d{1,2}(?:st|nd|rd|th)?\s)?(?:january|february|march|april|may|june|july|august|september|october|november|december|spring|summer|autumn|winter|fall|monday|tuesday|wednesday|thursday|friday|saturday|sunday|noon|midnight|q[1-4]|20\d\d|week|month|quarter|year|\d{1,2}:\d\d)\b|\b(?:today|tonight|tomorrow|(?:this|next)\s(?:week|month|quarter|year|spring|summer|autumn|winter))\b/iu;

function toNumber(written: string): number {
  if (written.includes(':')) return Number.NaN;
  if (/^\d{1,3}(?:,\d{3})+(?:\.\d+)?$/.test(written)) return Number(written.replaceAll(',', ''));
  if (/^\d{1,3}(?:\.\d{3})+$/.test(written)) return Number(written.replaceAll('.', ''));
  return Number(written.replace(',', '.'));
}

const flat = (text: string): string => text.replace(/\s+/gu, ' ');
const RATE = /^\s?(?:an?|per|each|every)\s(?:hour|day|week|month|quarter|year)\b/iu;

function unitOf(prefix: string, factor: string, noun: string): string {
  if (/^(?:%|per ?cent)$/iu.test(factor)) return '%';
  if (prefix !== '' || MONEY.test(noun)) return 'money';
  return NOT_A_UNIT.test(noun) || MONTHS.test(noun) ? '' : noun.toLowerCase();
}

const MONTHS = /^(?:january|february|march|april|may|june|july|august|september|october|november|december)$/iu;
const MONTH =
  /\b(?:January|February|March|April|May|June|July|August|September|October|November|December|In|The|About|Only|Over)\s$/u;
const SPELLED =
  /\b(two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|fifteen|twenty|thirty|forty|fifty|hundred)[\s-](?:more\s|extra\s|new\s)?(\p{Ll}{3,20})/giu;
const VALUES: Readonly<Record<string, number>> = {
  two: 2,
  three: 3,
  four: 4,
  five: 5,
  six: 6,
  seven: 7,
  eight: 8,
  nine: 9,
  ten: 10,
  eleven: 11,
  twelve: 12,
  fifteen: 15,
  twenty: 20,
  thirty: 30,
  forty: 40,
  fifty: 50,
  hundred: 100,
};

function spelled(text: string, offset: number): readonly Quantity[] {
  return Array.from(text.matchAll(SPELLED), ({ 0: written, 1: word = '', 2: noun = '', index }) => ({
    value: VALUES[word.toLowerCase()] ?? 0,
    unit: NOT_A_UNIT.test(noun) ? '' : noun.toLowerCase(),
    written: flat(written),
    start: offset + index,
    end: offset + index + written.length,
  }));
}

/** Every number of `text`; offsets are shifted by `offset`. Words such as `Apache-2.0` are not numbers; `seven minutes` is one. */
export function quantities(text: string, offset: number): readonly Quantity[] {
  if (!/\d/.test(text)) return spelled(text, offset);
  const digits = Array.from(text.matchAll(QUANTITY), (match) => {
    const [all, prefix = '', number = '', factor = '', noun = ''] = match;
    const isName =
      prefix === '' &&
      factor === '' &&
      /\p{Lu}\p{L}{1,20}\s$/u.test(text.slice(0, match.index)) &&
      !MONTH.test(text.slice(0, match.index));
    const rated = RATE.test(text.slice(match.index + all.length - noun.length - 1));
    const unit = isName ? '' : rated ? 'rate' : unitOf(prefix, factor, noun);
    const bare = NOT_A_UNIT.test(noun) && noun !== '' ? all.slice(0, all.length - noun.length).trimEnd() : all;
    const value = toNumber(number) * (SCALE[factor.toLowerCase()] ?? 1);
    const start = offset + match.index;
    return { value, unit, written: flat(bare), start, end: start + bare.length };
  });
  return [...digits, ...spelled(text, offset)];
}

export const isDated = (text: string): boolean => DATE.test(text);
