/** What is planted in a synthetic region, and must be found back: effects of partners, a trend, hidden case mix.
 *
 *  The file of `generate --effects`:
 *
 *      effects:                       # may be an empty list: a region without any effect
 *        - { partner: p01, measure: hba1c, from: 2025-01-01, shift: -3 }
 *      trend: { hba1c: -0.5 }         # for everybody, controls too, from the contract's start; default none
 *      hidden_case_mix_sd: 0.1        # between care groups, in standard deviations of the measure; default 0
 *      term_years: 3                  # a contract of that many years, and files that cover them; default 1
 *
 *  A shift is in the measure's unit and as it is measured (-3 is a lower HbA1c). It holds for every reading after the
 *  later of `from` and the day the patient's enrolment with that partner (a care group or a practice) started. */
import type { Day } from '../../engine/kernel/calendar.ts'
import {
  anyNumber,
  day,
  entries,
  type Field,
  fieldOf,
  items,
  mapping,
  notNegative,
  number,
  refuseFaults,
  text,
  word,
} from '../../engine/kernel/document.ts'
import { quantised } from '../../engine/kernel/quantise.ts'
import { readText } from '../files/text-file.ts'
import { inFile } from '../region/contract-file.ts'
import { yamlDocument } from '../yaml/yaml-document.ts'
import { MEASURE_MODELS } from './measures.ts'

export interface PlantedEffect {
  readonly partner: string
  readonly measure: string
  readonly from: Day
  /** in the unit of the measure, as measured */
  readonly shift: number
}

export interface SyntheticEffects {
  readonly effects: readonly PlantedEffect[]
  /** by measure, in its unit, for everybody from the contract's start */
  readonly trend: Readonly<Record<string, number>>
  /** between care groups, in standard deviations of the measure */
  readonly hiddenCaseMixSd: number
  /** whole years of the contract's term */
  readonly termYears: number
}

/** The first and last day of the synthetic contract. */
export const CONTRACT_PERIOD = { start: '2025-01-01', end: '2025-12-31' } as const

/** No effects, no trend, no hidden case mix: a region in which nobody earned anything. */
export const NO_EFFECTS: SyntheticEffects = { effects: [], trend: {}, hiddenCaseMixSd: 0, termYears: 1 }

/** What a region has if nothing is asked for: good, absent and bad effects side by side, of the size that structured
 *  care shows, so that no partner is good at everything. */
export function defaultEffects(partners: readonly string[]): SyntheticEffects {
  const sizes = { hba1c: -2.5, sbp: -3, ldl: -0.15 }
  const turns = [1, 0, -0.5, 1.5, 0, 0.5, -1, 1, 0, 0.5]
  const effects = partners.flatMap((partner, p) =>
    Object.entries(sizes).map(([measure, size], m) => {
      // Each measure starts elsewhere in the list, so that good and bad do not fall together.
      const shift = quantised(size * (turns[(p + 3 * m) % turns.length] ?? 0))
      return { partner, measure, from: CONTRACT_PERIOD.start, shift }
    }),
  )
  return { effects, trend: { hba1c: -0.5, sbp: -0.5, ldl: -0.03 }, hiddenCaseMixSd: 0.1, termYears: 1 }
}

/** The effects that a parsed file asks for.
 *  @throws Refusal `invalid_effects` with every fault and its path */
export function effectsOf(document: unknown): SyntheticEffects {
  const root = fieldOf(document)
  const fields = mapping(root, ['effects'], ['trend', 'hidden_case_mix_sd', 'term_years'])
  const none = Array.isArray(fields.effects.value) && fields.effects.value.length === 0
  const effects: SyntheticEffects = {
    effects: none ? [] : items(fields.effects, 'effects').map(effectOf),
    trend: fields.trend === undefined ? {} : trendOf(fields.trend),
    hiddenCaseMixSd: fields.hidden_case_mix_sd === undefined ? 0 : number(fields.hidden_case_mix_sd, notNegative),
    termYears: fields.term_years === undefined ? 1 : number(fields.term_years, termLength),
  }
  refuseFaults(root.faults, 'invalid_effects', 'the effects file')
  return effects
}

/** The effects that a YAML file asks for.
 *  @throws Refusal `invalid_yaml` or `invalid_effects`, naming the file, and those of reading a text */
export async function readEffectsFile(path: string): Promise<SyntheticEffects> {
  const document = yamlDocument(await readText(path), path)
  return inFile(path, () => effectsOf(document))
}

/** Longer ones would need a reference from before anybody was enrolled. */
const mostTermYears = 5
const termLength = {
  must: `it must be a whole number from 1 to ${mostTermYears}`,
  holds: (years: number) => Number.isInteger(years) && years >= 1 && years <= mostTermYears,
}

const measureKeys = MEASURE_MODELS.map(({ key }) => key)

function effectOf(field: Field): PlantedEffect {
  const fields = mapping(field, ['partner', 'measure', 'from', 'shift'])
  return {
    partner: text(fields.partner),
    measure: word(fields.measure, measureKeys),
    from: day(fields.from),
    shift: number(fields.shift, anyNumber),
  }
}

const trendOf = (field: Field): Record<string, number> =>
  Object.fromEntries(
    entries(field, 'measures to shifts').map(([key, shift]) => [
      word({ ...shift, value: key }, measureKeys),
      number(shift, anyNumber),
    ]),
  )
