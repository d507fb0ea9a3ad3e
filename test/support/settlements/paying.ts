/** Settlements specified by their payments only, for tests of the ledger. */
import * as fc from 'fast-check'
import type { Day } from '../../../engine/kernel/calendar.ts'
import { allocated } from '../../../engine/kernel/allocation.ts'
import type { PartnerStatement, Settlement } from '../../../engine/settlement/statement.ts'
import { sha256 } from './sha256.ts'

/** What a partner is paid, by whom, and what it passes on. */
export interface PaymentSpec {
  readonly partnerId: string
  readonly cents: number
  /** in the same order as the insurers; they sum to `cents` */
  readonly insurers: readonly { readonly insurer: string; readonly cents: number }[]
  /** empty: nothing is passed on; else they sum to `cents` */
  readonly attribution: readonly { readonly kind: string; readonly cents: number }[]
}

export interface SettlementSpec {
  readonly id: string
  readonly contract: string
  readonly asOf: Day
  readonly payments: readonly PaymentSpec[]
}

const INSURERS = ['3311', '7029', '7095', 'unknown']
const KINDS = ['gp_practice', 'diagnostic_centre', 'hospital']
const weight = fc.oneof(
  fc.integer({ min: 0, max: 5 }),
  fc.double({ min: 0, max: 1e4, noNaN: true }),
  fc.integer({ min: 0, max: 1000 }).map((thousandths) => thousandths / 1000),
)
/** Weights of which at least one is above 0. */
export const weights = (least: number, most: number): fc.Arbitrary<number[]> =>
  fc.array(weight, { minLength: least, maxLength: most }).filter((all) => all.some((each) => each > 0))

/** Cents as they come: often nothing, often a few, now and then millions, of either sign. */
export const someCents: fc.Arbitrary<number> = fc.oneof(
  fc.constant(0),
  fc.integer({ min: -12, max: 12 }),
  fc.integer({ min: -10_000_000, max: 10_000_000 }),
  fc.integer({ min: -9_000_000_000_000, max: 9_000_000_000_000 }),
)

const payment = fc
  .record({ cents: someCents, insurers: weights(1, 4), kinds: fc.option(weights(3, 3)) })
  .map(({ cents, insurers, kinds }) => ({
    cents,
    insurers: allocated(cents, insurers).map((part, at) => ({ insurer: INSURERS[at]!, cents: part })),
    attribution: kinds === null ? [] : allocated(cents, kinds).map((part, at) => ({ kind: KINDS[at]!, cents: part })),
  }))

/** What a settlement of a contract pays, before it has a place in time. */
export const somePayments: fc.Arbitrary<PaymentSpec[]> = fc
  .array(payment, { minLength: 1, maxLength: 5 })
  .map((payments) => payments.map((each, at) => ({ ...each, partnerId: `p${at}` })))

/** The same, mostly to one partner: where what is tried is who posts when, not what. */
export const fewPayments: fc.Arbitrary<PaymentSpec[]> = fc.oneof(
  { weight: 5, arbitrary: payment.map((each) => [{ ...each, partnerId: 'p0' }]) },
  { weight: 1, arbitrary: somePayments },
)

/** @param number tells settlements apart that say the same */
export const settlementSpec = (
  contract: string,
  asOf: Day,
  payments: readonly PaymentSpec[],
  number: number,
): SettlementSpec => ({ id: sha256(`${contract} ${asOf} ${number}`), contract, asOf, payments })

export function settlementPaying({ id, contract, asOf, payments }: SettlementSpec): Settlement {
  const payment_cents = payments.reduce((sum, { cents }) => sum + cents, 0)
  return {
    settlement_id: id,
    contract,
    as_of: asOf,
    engine_version: '1',
    dataset_sha256: sha256('data'),
    contract_sha256: sha256(contract),
    model_ids: {},
    totals: { payment_cents, per_procedure_cents: 0, bundled_cents: 0 },
    outcomes: [],
    partners: payments.map(statementPaying),
    excluded: [],
  }
}

const statementPaying = ({ partnerId, cents, insurers, attribution }: PaymentSpec): PartnerStatement => ({
  partner_id: partnerId,
  patients: 40,
  eligible: 40,
  measured: 40,
  patient_years: 40,
  outcomes: [],
  value_eur_per_patient_year: 1,
  value_sd: 1,
  dead_band_eur: 0,
  shared_eur_per_patient_year: 1,
  reason: cents === 0 ? 'no_gain' : null,
  gates: [],
  gate_multiplier: 1,
  payment_cents: cents,
  interval90_cents: [0, 0],
  per_procedure_cents: 0,
  bundled_cents: 0,
  insurers: [...insurers],
  attribution: [...attribution],
})
