/** Units of measure as UCUM writes and converts them. */
import { ucum } from '@atomic-ehr/ucum'

/** The first of a unit's spellings that is UCUM; null where none is. */
export const ucumOf = (unit: string, spellings: readonly string[]): string | null =>
  [unit, ...spellings].find((each) => each !== '1' && isUcum(each)) ?? null

/** A value in another unit of the same kind: kPa in mmHg, umol/L in mmol/L. Undefined where UCUM knows no way, and where it would know one
 *  that medicine does not: between shares (HbA1c in % is no tenth of mmol/mol), between numbers and amounts of substance, and with
 *  annotations ({1.73_m2}), which UCUM overlooks. */
export function inUcum(value: number, from: string, to: string): number | undefined {
  if (![from, to].every((unit) => isUcum(unit) && !unit.includes('{'))) return undefined
  if (molesIn(from) !== molesIn(to) || isShare(to) || !ucum.isConvertible(from, to)) return undefined
  const converted = ucum.convert(value, from, to)
  // the factors are exact, their products in doubles are not: what is left of them is no digit of the reading
  return Number.isFinite(converted) ? Number(converted.toPrecision(12)) : undefined
}

function isUcum(unit: string): boolean {
  try {
    // the text of an annotation means nothing
    return unit !== '' && ucum.validate(unit.replaceAll(/\{[^{}]*\}/g, '{n}')).valid
  } catch {
    return false
  }
}

const molesIn = (unit: string): number => unit.split('mol').length
const isShare = (unit: string): boolean => Object.keys(ucum.info(unit).dimension).length === 0
