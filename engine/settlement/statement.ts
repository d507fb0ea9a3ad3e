/** The settlement document: settlement.json, keys in this order (interface.md 5). */
import type { Cents, Eur } from '../kernel/money.ts'
import type { Day } from '../kernel/calendar.ts'
import type { Better } from '../contract/programme.ts'
import type { GateResult } from './gates.ts'
import type { Reason } from './payment.ts'

export interface Settlement {
  readonly settlement_id: string
  readonly contract: string
  readonly as_of: Day
  readonly engine_version: string
  readonly dataset_sha256: string
  readonly contract_sha256: string
  readonly model_ids: Readonly<Record<string, string | null>>
  readonly totals: {
    readonly payment_cents: Cents
    readonly per_procedure_cents: Cents
    readonly bundled_cents: Cents
  }
  readonly outcomes: readonly OutcomeStatement[]
  readonly partners: readonly PartnerStatement[]
  readonly excluded: readonly { readonly reason: string; readonly patients: number }[]
}

export interface OutcomeStatement {
  readonly measure: string
  readonly better: Better
  readonly trend: number
  readonly trend_se: number
  readonly tau2: number
  readonly omega2: number
  /** absent from settlements of version 1 */
  readonly kappa2?: number
  readonly placebo_years: number
  readonly collective_mean: number | null
  readonly between_variance: number | null
  readonly residual_sd: number | null
}

export interface PartnerStatement {
  readonly partner_id: string
  readonly patients: number
  readonly eligible: number
  readonly measured: number
  readonly patient_years: number
  readonly outcomes: readonly PartnerOutcomeStatement[]
  readonly value_eur_per_patient_year: number
  readonly value_sd: number
  readonly dead_band_eur: Eur
  readonly shared_eur_per_patient_year: number
  readonly reason: Reason | null
  readonly gates: readonly GateResult[]
  readonly gate_multiplier: number
  readonly payment_cents: Cents
  readonly interval90_cents: readonly [Cents, Cents]
  readonly per_procedure_cents: Cents
  readonly bundled_cents: Cents
  readonly insurers: readonly { readonly insurer: string; readonly cents: Cents }[]
  readonly attribution: readonly { readonly kind: string; readonly cents: Cents }[]
}

/** Statistics are null where the partner has fewer than two contributions, or where nobody's contributions vary. */
export interface PartnerOutcomeStatement {
  readonly measure: string
  readonly eligible: number
  readonly measured: number
  readonly patient_years: number
  readonly mean_gain: number | null
  readonly se: number | null
  readonly history: number | null
  readonly net_gain: number | null
  readonly variance: number | null
  readonly credibility: number | null
  readonly credible_gain: number | null
  /** absent from settlements of version 1 */
  readonly credible_variance?: number | null
}

/** settlement.json, byte for byte: two spaces, keys in the documented order, numbers as their shortest round trip, -0 as 0. */
export const settlementText = (settlement: Settlement): string => `${JSON.stringify(settlement, null, 2)}\n`
