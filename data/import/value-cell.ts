/** The value of an observation: read, brought to the measure's unit, and held against what is plausible. */
import type { Measure } from '../../engine/programme.ts'
import { FAULTY, noNumber } from './cells.ts'
import type { Cell, Cells } from './cells.ts'
import { isPlain, numberOf } from './numbers.ts'

/** An empty unit is the measure's own. An unknown measure has its own fault: its value is not looked at. */
export function valueCell(cells: Cells): Cell {
  const { faults, known } = cells.reading
  const [measureAt, valueAt, unitAt] = [cells.at('measure'), cells.at('value'), cells.at('unit')]
  return (fields, line) => {
    const text = fields[valueAt] ?? ''
    const plain = !cells.decimalComma && isPlain(text) // the common case, checked in one pass and sent on as it stands
    const read = plain ? Number(text) : numberOf(text, cells.decimalComma)
    if (!Number.isFinite(read)) {
      faults.add(line, 'value', text, text === '' ? 'is empty' : noNumber.fault)
      return FAULTY
    }
    const measure = known.measures.get(fields[measureAt] ?? '')?.measure
    if (!measure) return FAULTY
    const unit = unitAt < 0 ? '' : (fields[unitAt] ?? '')
    const value = inUnitOf(measure, read, unit)
    if (value === undefined) {
      faults.add(line, 'unit', unit, `cannot be converted to ${unitsOf(measure)}`)
      return FAULTY
    }
    const [least, most] = measure.plausible
    if (value >= least && value <= most) return plain && value === read ? text : String(value) // of -0 too: "0"
    faults.add(line, 'value', text, implausible(measure, value, unit))
    return FAULTY
  }
}

/** value_in_unit = scale * x + offset */
function inUnitOf(measure: Measure, value: number, unit: string): number | undefined {
  if (unit === '' || unit === measure.unit) return value
  const conversion = Object.hasOwn(measure.convert, unit) ? measure.convert[unit] : undefined
  return conversion && conversion.scale * value + conversion.offset
}

function unitsOf(measure: Measure): string {
  const others = Object.keys(measure.convert)
  return others.length === 0 ? measure.unit : `${measure.unit} (known: ${[measure.unit, ...others].join(', ')})`
}

function implausible({ key, unit, plausible }: Measure, value: number, given: string): string {
  const converted = given === '' || given === unit ? '' : `${value} ${unit} is `
  return `${converted}outside the plausible range of ${key}, ${plausible[0]} to ${plausible[1]} ${unit}`
}
