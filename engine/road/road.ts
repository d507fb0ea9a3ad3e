/** The road to a contract for hospital care at home: ten steps, their subjects, and where each party stands. A checklist with owner and day. */
import type { Sourced } from '../exchange/sourced.ts'
import type { Day } from '../kernel/calendar.ts'
import type { Eur } from '../kernel/money.ts'

/** The steps of the working checklist after the Stappenplan Contractering (Vitaal Thuis), in their order. */
export const STEPS = [
  'care_and_population',
  'coalition_and_roles',
  'value_case',
  'outcomes_and_quality',
  'payment_model',
  'risk_and_incentives',
  'implementation_costs',
  'term_and_exit',
  'monitoring_and_data',
  'evaluation_and_scale_up',
] as const
export type Step = (typeof STEPS)[number]

export const STATES = ['open', 'proposed', 'agreed', 'refused'] as const
export type State = (typeof STATES)[number]

export const KINDS = ['hospital', 'home_care', 'gp', 'insurer'] as const
export type Kind = (typeof KINDS)[number]

export interface Party {
  readonly party: string
  readonly kind: Kind
}

/** Where one party stands; what is agreed has a day and evidence. */
export interface Standing {
  readonly party: string
  readonly state: State
  readonly on: Day | null
  readonly evidence: string
}

export interface Subject {
  readonly step: Step
  readonly subject: string
  /** the party that sees to it */
  readonly owner: string
  readonly due: Day
  /** one for each party, in the order of the parties */
  readonly standings: readonly Standing[]
}

/** What changes for one party with one patient more at home, in a year. */
export interface Item extends Sourced {
  readonly item: string
  readonly party: string
  /** more of it; below 0: less */
  readonly units: number
  /** how much that differs from patient to patient */
  readonly unitsSd: number
  /** what the insurer pays for a unit */
  readonly tariffEur: Eur
  readonly unitCostEur: Eur
  /** of the cost: what stays when a unit goes, and is not made when one comes */
  readonly fixedShare: number
}

/** A group before, in hospital, or after, at home: its figures, or the EQ-5D profiles that they are made of. */
export type Group =
  | { readonly n: number; readonly mean: number; readonly sd: number }
  | { readonly valueSet: string; readonly profiles: readonly string[] }

export interface Quality {
  readonly measure: string
  readonly better: 'lower' | 'higher'
  /** in the unit: by so much it may be worse and is still "at least equal" */
  readonly margin: number
  readonly hospital: Group
  readonly home: Group
}

export interface Road {
  readonly road: string
  readonly title: string
  readonly programme: string
  readonly parties: readonly Party[]
  /** in the order of the steps */
  readonly subjects: readonly Subject[]
  readonly business: { readonly patients: number; readonly years: number; readonly items: readonly Item[] }
  readonly quality: Quality
  /** what it is worth to society; absent: nobody says */
  readonly value?: {
    /** proportional shortfall, 0 to 1 */
    readonly burden: number
    /** events avoided per patient and year */
    readonly avoided: Readonly<Record<string, number>>
  }
  /** the contract that is written when all is agreed, as its YAML says it (interface.md 3) */
  readonly contract: unknown
}
