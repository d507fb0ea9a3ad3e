/** The clause of segment 3: what results of a partner are rewarded by, on conditions of which all must be met. */
import type { Day } from '../kernel/calendar.ts'
import {
  day,
  entries,
  fault,
  items,
  mapping,
  number,
  positive,
  shareOfOne,
  faultTwins,
  word,
  type Field,
} from '../kernel/document.ts'
import type { Eur } from '../kernel/money.ts'

export const CONDITIONS = [
  'benchmark_participation',
  'donkerblauw',
  'main_practitioner_known',
  'patient_experience',
  'process_indicators',
] as const
export type Condition = (typeof CONDITIONS)[number]

/** The clause of a contract. */
export interface Segment3 {
  readonly eurPerPatient: Eur
  readonly conditions: readonly Condition[]
  /** the least share by indicator */
  readonly thresholds: Readonly<Record<string, number>>
  /** the last day on which the figures of a year are delivered on time; null: no condition asks */
  readonly deliverBy: Day | null
}

/** The conditions, each once; thresholds where process indicators are one of them, and a day where the delivery is. */
export function segment3Of(field: Field): Segment3 {
  const fields = mapping(field, ['eur_per_patient', 'conditions'], ['thresholds', 'deliver_by'])
  const list = items(fields.conditions, 'conditions')
  const conditions = list.map((item) => word(item, CONDITIONS))
  faultTwins(list, conditions)
  const thresholds = fields.thresholds === undefined ? [] : entries(fields.thresholds, 'indicators to least shares')
  if (conditions.includes('process_indicators') && thresholds.length === 0)
    fault(
      { ...field, path: `${field.path}.thresholds`, value: undefined },
      'process_indicators is a condition, so thresholds names indicators with the least share of each',
    )
  if (conditions.includes('donkerblauw') && fields.deliver_by === undefined)
    fault(
      { ...field, path: `${field.path}.deliver_by`, value: undefined },
      'donkerblauw is a condition, so deliver_by names the last day on which a year is delivered on time',
    )
  return {
    eurPerPatient: number(fields.eur_per_patient, positive),
    conditions,
    thresholds: Object.fromEntries(thresholds.map(([id, share]) => [id, number(share, shareOfOne)])),
    deliverBy: fields.deliver_by === undefined ? null : day(fields.deliver_by),
  }
}
