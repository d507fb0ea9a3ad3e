/** Whether a later settlement may be opened to research beside one that is open: nobody may be found by subtracting one from the other. */
import { SMALLEST_GROUP } from '../disclosure/small-groups.ts'

/** Persons of one cell (a measure, a fine dimension and all base dimensions) in two settlements. */
export interface Shift {
  /** in both, with the same figures */
  readonly same: number
  /** in both, with other figures */
  readonly changed: number
  /** in the one that is open only, and in the later one only */
  readonly left: number
  readonly entered: number
}

const isSmall = (count: number): boolean => count > 0 && count < SMALLEST_GROUP

/** Cells that would tell of one to nine persons by subtraction. None where a cell has nobody in common: there is nothing to subtract. */
export const cellsThatTell = (shifts: readonly Shift[]): number =>
  shifts.filter(({ same, changed, left, entered }) => {
    const hasCommon = same + changed > 0
    return hasCommon && [changed, left, entered].some(isSmall)
  }).length
