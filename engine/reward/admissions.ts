/** Clinical care of addiction: whether it was needed, and by which instrument that was found. */
import type { Reward } from './reward.ts'
import type { Stay } from './length-of-stay.ts'
import type { Treatment } from './rom.ts'

export interface Admissions {
  readonly admissions: number
  /** without MATE or EuropASI */
  readonly withoutInstrument: number
  /** without severe comorbidity, social disintegration or severe dependence */
  readonly withoutIndication: number
  /** without an evaluation from the day of admission to that of discharge; of who is still there, none */
  readonly withoutEvaluation: number
}

/** Of the stays that began in the year. */
export function admissionsOf(stays: readonly Stay[], year: number, rules: Reward['rules']): Admissions {
  const own = stays.filter(({ admitted }) => admitted.startsWith(`${year}-`))
  const lacking = (holds: (stay: Stay) => boolean): number => own.filter((each) => !holds(each)).length
  return {
    admissions: own.length,
    withoutInstrument: lacking(({ instrument }) => rules.instruments.includes(instrument.toLowerCase())),
    withoutIndication: lacking(({ indication }) => rules.indications.includes(indication.toLowerCase())),
    withoutEvaluation: lacking(
      ({ evaluatedOn, admitted, discharged }) =>
        evaluatedOn !== null && evaluatedOn >= admitted && (discharged === null || evaluatedOn <= discharged),
    ),
  }
}

const CLINICAL = 'detox_inpatient'
const AMBULANT = 'detox_outpatient'

/** Detoxifications that began in the year: those with a bed, of all. */
export function detoxOf(
  stays: readonly Stay[],
  treatments: readonly Treatment[],
  year: number,
): { readonly clinical: number; readonly all: number; readonly share: number | null } {
  const clinical = stays.filter(({ kind, admitted }) => kind === CLINICAL && admitted.startsWith(`${year}-`)).length
  const ambulant = treatments.filter(
    ({ setting, opened }) => setting === AMBULANT && opened.startsWith(`${year}-`),
  ).length
  const all = clinical + ambulant
  return { clinical, all, share: all === 0 ? null : clinical / all }
}
