/** The names of contributions in reports. */
import type { FeatureTable } from '../../engine/panel/window.ts'

/** The groups of features, in the order reported at equal size; each other measure is a group by its key. */
export const OWN_GROUPS = ['own_level', 'own_trend', 'own_restlessness', 'own_gap'] as const
export const PERSON_GROUPS = ['age', 'sex', 'time_enrolled', 'season', 'conditions', 'medication'] as const
/** The effect of truncation to the plausible range; present only where it is not zero. */
export const BOUNDS = 'bounds'

const byFeature: Readonly<Record<string, string>> = {
  'own.gap': 'own_gap',
  'own.sd': 'own_restlessness',
  'own.jump': 'own_restlessness',
  'own.trend': 'own_trend',
  'own.slope': 'own_trend',
  'own.slope_recent': 'own_trend',
  'own.last_less_mean': 'own_trend',
  'own.last_less_previous': 'own_trend',
  prediction: 'own_level',
  age: 'age',
  female: 'sex',
  sex_unknown: 'sex',
  enrolled_years: 'time_enrolled',
  season_cos: 'season',
  season_sin: 'season',
}

const byPrefix: Readonly<Record<string, string>> = {
  own: 'own_level',
  condition: 'conditions',
  medication: 'medication',
}

/** The group of a feature; the mixed model's `unsure.x`, the effect of x for patients with few readings, belongs to x. */
export function groupOf(feature: string): string {
  const name = feature.replace(/^unsure\./, '')
  const prefix = name.slice(0, Math.max(0, name.indexOf('.')))
  return byFeature[name] ?? byPrefix[prefix] ?? (prefix === '' ? name : prefix)
}

/** What a group is called in this row: 'rising', 'not measured for 7 months'; a measure by its key. */
export function phraseOf(group: string, table: FeatureTable, row: number): string {
  const valueOf = (name: string): number => table.columns[table.names.indexOf(name)]?.[row] ?? NaN
  if (group === 'own_trend') {
    const slope = valueOf('own.slope_recent')
    return slope > 0 ? 'rising' : slope < 0 ? 'falling' : 'no trend'
  }
  if (group === 'own_gap') return gapPhrase(valueOf('own.gap'))
  return phrases[group] ?? group
}

const phrases: Readonly<Record<string, string>> = {
  own_level: 'own level',
  own_restlessness: 'how restless the readings are',
  time_enrolled: 'time in the programme',
  [BOUNDS]: 'kept within what is plausible',
}

function gapPhrase(years: number): string {
  if (Number.isNaN(years)) return 'never measured'
  const months = Math.round(12 * years)
  return months < 1 ? 'measured this month' : `not measured for ${months} month${months === 1 ? '' : 's'}`
}
