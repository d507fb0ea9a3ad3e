/** What a bundle holds, once it is read: the columns that everything is computed from. */
import type { Contract } from './contract.ts'
import type { Contributions } from './partner-mean.ts'

export const STATUSES = ['measured', 'missing', 'died', 'left', 'no_baseline', 'enrolled_late'] as const
export const [MEASURED, DIED, LEFT, NO_BASELINE, ENROLLED_LATE] = [0, 2, 3, 4, 5] as const
const MISSING = 1

export const eligible = (status: number): boolean => status === MEASURED || status === MISSING

export interface OutcomeColumns {
  /** index in STATUSES */
  readonly status: ArrayLike<number>
  readonly gain: ArrayLike<number>
  /** NaN where the patient contributes nothing */
  readonly contribution: ArrayLike<number>
  /** P(measured) as fitted on controls; NaN where it is not known */
  readonly amongControls: ArrayLike<number>
}

/** The contract year: a row a patient and index date, in order of patient_id. */
export interface ContractYear {
  /** rows */
  readonly patients: number
  /** the same number for all rows of a patient */
  readonly patient: ArrayLike<number>
  readonly partner: ArrayLike<number>
  readonly practice: ArrayLike<number>
  /** index in `insurers` */
  readonly insurer: ArrayLike<number>
  readonly days: ArrayLike<number>
  /** index date, as a day number */
  readonly index: ArrayLike<number>
  /** 1: died within the days of the prediction beside it, a probability; NaN where there is none */
  readonly died: ArrayLike<number>
  readonly deathPredicted: ArrayLike<number>
  /** in the order of the contract */
  readonly outcomes: readonly OutcomeColumns[]
}

export interface Partner {
  readonly partnerId: string
  readonly kind: string
  readonly memberOf: string
  /** `contract`, `control`, or neither */
  readonly role: string
  readonly perProcedureCents: number
  /** patients over the quarter days */
  readonly included: number
}

export interface Quality {
  readonly partnerId: string
  readonly gate: string
  readonly period: string
  readonly value: string
}

export interface LedgerRow {
  readonly entry_id: string
  readonly settlement_id: string
  readonly account: string
  readonly partner_id: string
  readonly insurer: string
  readonly debit_cents: number
  readonly credit_cents: number
  readonly posted_on: string
  readonly reverses: string
  readonly seq: number
  readonly previous_hash: string
  readonly hash: string
}

/** The first part: what the settlement is of. */
export interface Head {
  readonly settlement_id: string
  readonly region: string
  readonly as_of: string
  readonly engine_version: string
  readonly dataset_sha256: string
  readonly contract_sha256: string
  readonly model_ids: Readonly<Record<string, string>>
  readonly better: Readonly<Record<string, string>>
  /** of a correction run: the settlement that it corrects, whose frozen models it keeps */
  readonly corrects?: string
  /** where the whole book ended when the bundle was written */
  readonly ledger_head?: { readonly seq: number; readonly hash: string } | null
}

export interface Bundle {
  readonly head: Head
  readonly contract: Contract
  readonly partners: readonly Partner[]
  readonly quality: readonly Quality[]
  /** patients of contract partners without a row, by reason */
  readonly ineligible: Readonly<Record<string, number>>
  readonly insurers: readonly string[]
  readonly year: ContractYear
  /** of an outcome (by place in the contract) and a number of years before the contract, those that contribute */
  readonly placebo: ReadonlyMap<string, Contributions>
  /** settlement.json as it stands */
  readonly settlement: string
  readonly ledger: readonly LedgerRow[]
  /** entries of earlier settlements that this one reverses */
  readonly reversed: readonly LedgerRow[]
}

export const placeboKey = (outcome: number, yearsBefore: number): string => `${outcome} ${yearsBefore}`
