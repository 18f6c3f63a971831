import { isAlphanumeric, isDigit, isUpper, type UnitSet, unitSet } from '../scan/units.js';
import { isBase64Url } from './run-tail.js';

/** How the keys of one issuer look. */
export interface KeyForm {
  /** Up to and including the character that the scan stops at. */
  readonly head: string;
  /** What follows the head in every key. */
  readonly marker: string;
  /** Least number of characters behind the marker that make it a key; what goes on belongs to it too. */
  readonly least: number;
  readonly alphabet: UnitSet;
  /** Whether a longer run is something else. */
  readonly exact: boolean;
}

type Looks = Pick<KeyForm, 'least' | 'alphabet'> & Partial<KeyForm>;

const form = (head: string, looks: Looks): KeyForm => ({ head, marker: '', exact: false, ...looks });
const forms = (heads: string, looks: Looks): KeyForm[] => heads.split(' ').map((head) => form(head, looks));

const isUpperOrDigit: UnitSet = (unit) => isUpper(unit) || isDigit(unit);

/** From the issuers' documentation and the rules of their own scanners. */
export const KEY_FORMS: readonly KeyForm[] = [
  form('A', { marker: 'KIA', least: 16, alphabet: isUpperOrDigit, exact: true }), // AWS, long-lived
  form('A', { marker: 'SIA', least: 16, alphabet: isUpperOrDigit, exact: true }), // AWS, temporary
  form('A', { marker: 'Iza', least: 35, alphabet: isBase64Url }), // Google
  ...forms('ghp_ gho_ ghu_ ghs_ ghr_', { least: 36, alphabet: isAlphanumeric }), // GitHub
  form('github_', { marker: 'pat_', least: 40, alphabet: unitSet('_', isAlphanumeric) }),
  form('glpat-', { least: 20, alphabet: isBase64Url }), // GitLab
  ...forms('xoxb- xoxa- xoxp- xoxr- xoxs- xoxe- xapp-', { least: 10, alphabet: isBase64Url }), // Slack
  ...forms('sk_ rk_', { marker: 'live_', least: 16, alphabet: isAlphanumeric }), // Stripe
  ...forms('sk_ rk_', { marker: 'test_', least: 16, alphabet: isAlphanumeric }),
  form('whsec_', { least: 24, alphabet: unitSet('+/=', isAlphanumeric) }), // Stripe, Standard Webhooks
  form('npm_', { least: 36, alphabet: isAlphanumeric }),
  form('hf_', { least: 30, alphabet: isAlphanumeric }), // Hugging Face
  form('sk-', { least: 20, alphabet: isBase64Url }), // OpenAI, Anthropic and those who took over the form
];
