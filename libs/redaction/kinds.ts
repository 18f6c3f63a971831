/** `strict` finds everything that `standard` finds, and more at the price of more false alarms. */
export const redactionModes = ['standard', 'strict'] as const;
export type RedactionMode = (typeof redactionModes)[number];

/** What a placeholder can stand for. */
export const redactionKinds = [
  'email',
  'phone',
  'credit_card',
  'iban',
  'us_ssn',
  'ip_address',
  'private_key',
  'jwt',
  'api_key',
  'bearer_token',
  'url_password',
  'secret',
  'mac_address',
  'date_of_birth',
  'identity_number',
  'coordinates',
  'street_address',
  'uninspected',
] as const;
export type RedactionKind = (typeof redactionKinds)[number];

/** How often each kind was replaced; kinds that did not occur are absent. */
export type RedactionCounts = Readonly<Partial<Record<RedactionKind, number>>>;

export const PLACEHOLDER_START = '[redacted:';

/** The text that takes the place of a match. No detector takes it, or a part of it. */
export const placeholder = (kind: RedactionKind): string => `${PLACEHOLDER_START}${kind}]`;

/** Counts replacements as they happen. */
export class Tally {
  private readonly found: Partial<Record<RedactionKind, number>> = {};

  add(kind: RedactionKind, times = 1): void {
    this.found[kind] = (this.found[kind] ?? 0) + times;
  }

  addAll(counts: RedactionCounts): void {
    for (const [kind, times] of Object.entries(counts)) this.add(kind as RedactionKind, times);
  }

  counts(): RedactionCounts {
    return { ...this.found };
  }
}
