/** A contract as the engine reads it: every default filled in, every rule of the interface already checked. */
import type { AgreedExchange } from '../exchange/exchange-rate.ts'
import type { Segment3 } from './segment3.ts'
import type { Eur } from '../kernel/money.ts'
import type { Day } from '../kernel/calendar.ts'

export interface Outcome {
  readonly measure: string
  readonly priceEur: Eur
  /** what the price was made of, where the contract names it in QALY; absent: it names the price itself */
  readonly exchange?: AgreedExchange
  readonly countedRange: readonly [number, number] | null
  readonly target: readonly [number, number] | null
  readonly horizonDays: number
  readonly windowDays: number
  readonly baselineDays: number
}

export type MissingRule = 'exclude' | 'zero' | 'doubly_robust'
export type HistoryRule = 'none' | 'own'
export type TrendRule = 'none' | 'control'
/** `none`, `estimated`, or a standard deviation between partners agreed per measure */
export type CredibilityRule = 'none' | 'estimated' | { readonly betweenSd: Readonly<Record<string, number>> }

export interface Gate {
  readonly gate: string
  readonly weight: number
  readonly rule: { readonly equals: string } | { readonly atLeast: number } | { readonly atMost: number }
}

export interface BundledComponent {
  readonly activity: string
  /** a role at the patient's own practice (poh, huisarts), or the partner_id of a partner in the chain */
  readonly provider: string
  readonly prevalence: number
  readonly minutes: number
  readonly hourlyEur: Eur
  /** of care: the first year, for instance */
  readonly phase?: string
  readonly module?: string
  /** a year, of those who need it; absent: once */
  readonly times?: number
  /** each time; absent: none */
  readonly materialEur?: Eur
}

/** The tariff of segment 2: what a patient-year is made of. */
export interface Bundled {
  readonly components: readonly BundledComponent[]
  readonly advanceShare: number
  /** of the components' sum, for the organisation; absent: none */
  readonly overhead?: number
  /** EUR per registered insured person and year, paid apart for organisation and infrastructure (O&I) */
  readonly organisationFeeEur?: Eur
  /** programmes in which a patient may count at the same time, where precedence leaves it to the contract */
  readonly beside?: readonly string[]
}

export interface Contract {
  readonly contract: string
  readonly title: string
  readonly programme: string
  /** UZOVI codes; null: every insurer */
  readonly insurers: readonly string[] | null
  /** null: every partner with an enrolment in the programme, less `control` */
  readonly partners: readonly string[] | null
  readonly period: { readonly start: Day; readonly end: Day }
  /** whole years of which `period` is one; absent, as all that a contract's hash never knew: the period alone */
  readonly term?: { readonly start: Day; readonly end: Day }
  /** episodes: every enrolment that starts in `inclusion` counts, from its first day; absent: patients, from the start of the period or their enrolment */
  readonly index?: 'enrolment'
  /** with `index`: where an episode that counts starts */
  readonly inclusion?: { readonly start: Day; readonly end: Day }
  readonly reference: {
    readonly start: Day
    readonly end: Day
    /** null: every partner in the data */
    readonly partners: readonly string[] | null
    /** both sides signed that years under an earlier contract may be learned from */
    readonly includesContractYears?: 'agreed'
  }
  readonly control: readonly string[]
  readonly outcomes: readonly Outcome[]
  readonly missing: MissingRule
  readonly pessimisticShiftSd: number
  /** absent: nothing is deducted for what is missing beyond chance */
  readonly excessMissing?: 'deduct'
  readonly history: HistoryRule
  readonly levelWeight: number
  readonly trend: TrendRule
  readonly credibility: CredibilityRule
  readonly share: { readonly gain: number; readonly loss: number }
  readonly deadBand: { readonly eur: Eur; readonly z: number }
  readonly minPatients: number
  /** EUR per patient-year, after sharing; null: no bound */
  readonly corridorEur: { readonly floor: Eur | null; readonly cap: Eur | null }
  readonly gates: readonly Gate[]
  readonly budgetEur: Eur | null
  readonly bundled: Bundled | null
  /** segment 3: conditions that are computed, and what meeting all of them brings beside the gain; absent: none */
  readonly segment3?: Segment3
  readonly attribution: readonly { readonly kind: string; readonly share: number }[]
}
