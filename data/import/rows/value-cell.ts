/** The value of an observation: read, converted to the measure's unit, and checked against its plausible range. */
import { liesOnLattice, type Conversion, type Measure } from '../../../engine/contract/programme.ts'
import { numberOf, whyNoNumber } from '../../cells/numbers.ts'
import { cleaned, isNothing } from '../../cells/text.ts'
import type { Codes } from '../../vocabulary/codes.ts'
import { FAULTY } from './cells.ts'
import type { Cell, Cells } from './cells.ts'
import { likelyCause } from '../../profile/likely-cause.ts'

/** An empty unit is the one that the measure's code implies, or the measure's own. An unknown measure has its own fault: its value is not
 *  looked at. */
export function valueCell(cells: Cells): Cell {
  const { faults, context, forms } = cells.reading
  const [measureAt, valueAt, unitAt] = [cells.at('measure'), cells.at('value'), cells.at('unit')]
  const sign = forms.sign('value')
  return (fields, line) => {
    const text = cleaned(fields[valueAt] ?? '')
    const read = numberOf(text, sign)
    if (!Number.isFinite(read)) {
      faults.add(line, 'value', text, isNothing(text) ? 'is empty' : whyNoNumber(text, sign))
      return FAULTY
    }
    const found = cells.measureNamed(cleaned(fields[measureAt] ?? ''))
    if (!found) return FAULTY
    const { id, measure } = found.stored
    const written = unitAt < 0 ? '' : cleaned(fields[unitAt] ?? '')
    const unit = isNothing(written) ? found.implied : written
    const conversion = conversionOf(measure, unit, context.codes)
    if (conversion === undefined) {
      faults.add(line, 'unit', unit, `cannot be converted to ${unitsOf(measure)}`)
      return FAULTY
    }
    const value = conversion.scale * read + conversion.offset
    const [least, most] = measure.plausible
    if (value >= least && value <= most) {
      if (measure.step !== undefined && !liesOnLattice(value, least, measure.step)) {
        faults.add(line, 'value', text, offLattice(measure, measure.step, value, unit))
        return FAULTY
      }
      context.unitUsage.read(context.unitUsage.unit(id, unit, !isItself(conversion)))
      return String(value)
    }
    const cause = likelyCause(context.suspicions, measure, read, value, conversionName(measure, unit, context.codes))
    if (cause) context.unitUsage.suspect(id, cause.cause)
    const probably = cause ? `; probably ${cause.words}` : ''
    faults.add(line, 'value', text, implausible(measure, value, unit) + probably)
    return FAULTY
  }
}

const asItStands: Conversion = { scale: 1, offset: 0 }

/** Whether it leaves every value as it is: only the name of the unit differs. */
export const isItself = ({ scale, offset }: Conversion): boolean => scale === 1 && offset === 0

/** value_in_unit = scale * x + offset; nothing for a unit that neither the measure nor the vocabulary knows. */
export function conversionOf(measure: Measure, unit: string, codes: Codes): Conversion | undefined {
  if (unit === '' || unit === measure.unit) return asItStands
  return Object.hasOwn(measure.convert, unit) ? measure.convert[unit] : codes.units.conversionOf(measure, unit)
}

/** A unit as the measure spells it, where it knows it. */
const conversionName = (measure: Measure, unit: string, codes: Codes): string =>
  unit === '' ? '' : codes.units.inKnownUnit(measure.key, '', unit).unit

function unitsOf(measure: Measure): string {
  const others = Object.keys(measure.convert)
  return others.length === 0 ? measure.unit : `${measure.unit} (known: ${[measure.unit, ...others].join(', ')})`
}

function implausible({ key, unit, plausible }: Measure, value: number, given: string): string {
  const converted = given === '' || given === unit ? '' : `${value} ${unit} is `
  return `${converted}outside the plausible range of ${key}, ${plausible[0]} to ${plausible[1]} ${unit}`
}

/** Says which values there are, and the two that lie around the one that was given. */
function offLattice({ key, unit, plausible: [low] }: Measure, step: number, value: number, given: string): string {
  const converted = given === '' || given === unit ? '' : `${value} ${unit} is `
  const at = (k: number): number => Number((low + step * k).toPrecision(12))
  const below = Math.floor((value - low) / step)
  return `${converted}between two values of ${key}, which goes from ${low} in steps of ${step}; ${at(below)} or ${at(below + 1)} would be right`
}
