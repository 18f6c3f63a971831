import { namedBefore, names } from '../scan/names.js';
import { type NumberGroups, Separator } from './number-groups.js';
import type { NumberRule } from './number-rule.js';

const LENGTH = 9;
const [AREA, GROUP, SERIAL] = [3, 2, 4] as const;
const PRINTED = 0x324;
/** Never given out, between areas that are. */
const RESERVED_AREA = 666;
/** From here on they are taxpayer numbers. */
const END_OF_AREAS = 900;
const NAMES = names('ssn social security socialsecurity socialsecuritynumber');

/** A US social security number that can have been given out (SSA, POMS RM 10201.030): `ddd-dd-dddd`, or in another form behind its name. */
export const usSsn: NumberRule = {
  kind: 'us_ssn',
  end: (numbers, window) => {
    const groups = numbers.shape(3) === PRINTED ? 3 : 1;
    if (numbers.digitsIn(groups) !== LENGTH || numbers.plus) return undefined;
    if (!isIssued(numbers) || !numbers.endsAlone(groups)) return undefined;
    const written = groups === 3 && numbers.separatedBy(Separator.HYPHEN, groups);
    return written || namedBefore(window, numbers.start, NAMES) ? numbers.endOf(groups) : undefined;
  },
};

function isIssued(numbers: NumberGroups): boolean {
  const area = numbers.value(0, AREA);
  const group = numbers.value(AREA, GROUP);
  const serial = numbers.value(AREA + GROUP, SERIAL);
  return area > 0 && area !== RESERVED_AREA && area < END_OF_AREAS && group > 0 && serial > 0;
}
