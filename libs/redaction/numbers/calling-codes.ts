/** Least and most digits of a number behind its country calling code. */
export interface NationalLength {
  readonly codeLength: number;
  readonly min: number;
  readonly max: number;
}

/** Assigned country calling codes of one, two and three digits (ITU-T E.164, annex to Operational Bulletin 1114). */
const SHORT_CODES = new Set([1, 7]);
const MIDDLE_CODES = new Set([
  20, 27, 30, 31, 32, 33, 34, 36, 39, 40, 41, 43, 44, 45, 46, 47, 48, 49, 51, 52, 53, 54, 55, 56, 57, 58, 60, 61, 62,
  63, 64, 65, 66, 81, 82, 84, 86, 90, 91, 92, 93, 94, 95, 98,
]);
/** By their first two digits; each stands for the ten codes behind it, of which a few are not in use. */
const LONG_CODE_DECADES = new Set([
  21, 22, 23, 24, 25, 26, 29, 35, 37, 38, 42, 50, 59, 67, 68, 69, 80, 85, 87, 88, 96, 97, 99,
]);

/** `code min max`, from the numbering plans of the countries; the rest has {@link ANY}. */
const LENGTHS = new Map(
  `1 10 10|7 10 10|20 8 10|27 9 9|30 10 10|31 9 9|32 8 9|33 9 9|34 9 9|36 8 9|39 8 11|40 9 9|41 9 9|43 7 13|44 9 10|45 8 8
  |46 7 10|47 8 8|48 9 9|49 7 11|51 8 9|52 10 11|53 8 8|54 10 11|55 10 11|56 9 9|57 8 10|58 10 10|60 7 10|61 9 9|62 8 12
  |63 8 10|64 8 10|65 8 8|66 8 9|81 9 10|82 8 10|84 9 10|86 10 11|90 10 10|91 10 10|92 9 10|98 10 10|351 9 9|352 6 11
  |353 7 9|354 7 9|358 6 11|420 9 9|421 9 9|852 8 8|880 8 10|886 8 9|966 8 9|971 8 9|972 8 9`
    .split('|')
    .map((row) => row.trim().split(' ').map(Number))
    .map(([code, min, max]) => [code, { min, max }] as [number, { min: number; max: number }]),
);
const ANY = { min: 7, max: 11 };

/** What may follow the calling code that these three digits begin with; `undefined` when they begin with none. */
export function nationalLength(firstThree: number): NationalLength | undefined {
  const [short, middle] = [Math.floor(firstThree / 100), Math.floor(firstThree / 10)];
  if (SHORT_CODES.has(short)) return lengthOf(short, 1);
  if (MIDDLE_CODES.has(middle)) return lengthOf(middle, 2);
  return LONG_CODE_DECADES.has(middle) ? lengthOf(firstThree, 3) : undefined;
}

const lengthOf = (code: number, codeLength: number): NationalLength => ({ codeLength, ...(LENGTHS.get(code) ?? ANY) });
