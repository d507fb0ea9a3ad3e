/** The receipt of a partner: its arithmetic, what each patient does to it, and of one patient the rows it all came from. */
import type { Store } from '../data/database.ts'
import { assessedPatientsOf, rowsOfPatient, type SourcedRow } from '../data/receipts.ts'
import type { Contract } from '../engine/contract.ts'
import { addingUpOf, type AddingUp, patientReceiptOf, type PatientReceipt } from '../engine/patient-receipt.ts'
import { type PartnerReceipt, partnerReceiptOf, partnerWorthOf } from '../engine/receipt.ts'
import { Refusal } from '../engine/refusal.ts'
import type { SettledRun } from './settled.ts'

/** A row as it was handed in, and what became of it. */
export interface UsedRow extends SourcedRow {
  /** `realised` or `baseline` of an outcome, `known` on the index date, `later`, or `beside` the settlement */
  readonly used_as: string
}

export interface Receipt extends PartnerReceipt {
  /** lines that sum to the payment, in EUR */
  readonly adds_up: readonly AddingUp[]
  /** a row per patient and outcome */
  readonly patients: readonly PatientReceipt[]
  /** of the patient that was asked for */
  readonly rows?: readonly UsedRow[]
}

export interface ReceiptOrder {
  readonly partner: string
  readonly patient?: string | undefined
  /** patients after this one, and how many */
  readonly after?: string | undefined
  readonly limit?: number | undefined
  /** whether claims are among the rows: they stand beside a settlement and other partners wrote them too */
  readonly claims: boolean
}

/** @throws Refusal `unknown_partner`, `unknown_patient` */
export async function receiptOf(
  store: Store,
  { settlement, contract, run }: SettledRun,
  { partner, patient, after, limit, claims }: ReceiptOrder,
): Promise<Receipt> {
  const receipt = partnerReceiptOf(settlement, contract, partner)
  const worth = partnerWorthOf(settlement, contract, partner)
  const order = { runId: run.runId, partnerId: partner, patientId: patient, after, limit }
  const assessed = await assessedPatientsOf(store, order)
  if (patient !== undefined && assessed.length === 0)
    throw new Refusal(
      'unknown_patient',
      `Patient "${patient}" does not count for ${partner} in this settlement; expectations.csv has those who do.`,
      { partner, patient },
    )
  const patients = assessed.map((row) => patientReceiptOf(worth, contract, row))
  const all = { ...receipt, adds_up: addingUpOf(settlement, contract, partner), patients }
  if (patient === undefined) return all
  const rows = await rowsOfPatient(store, { regionId: run.regionId, asOf: run.asOf, patientId: patient })
  return {
    ...all,
    rows: rows.filter(({ table }) => claims || table !== 'claims').map((row) => usedRow(row, patients, contract)),
  }
}

const DATES = ['observed_on', 'onset_on', 'started_on', 'performed_on'] as const

function usedRow(row: SourcedRow, patients: readonly PatientReceipt[], contract: Contract): UsedRow {
  const { table, values } = row
  if (table === 'claims') return { ...row, used_as: 'beside' }
  const [first] = patients
  const on = DATES.map((column) => values[column]).find((value) => typeof value === 'string')
  if (table === 'observations') {
    const outcome = patients.find(({ measure }) => measure === values.measure)
    if (outcome && outcome.realised_on === on) return { ...row, used_as: 'realised' }
    if (outcome && isBaseline(outcome, String(on), Number(values.value), contract))
      return { ...row, used_as: 'baseline' }
  }
  return { ...row, used_as: on === undefined || String(on) <= (first?.index_on ?? '') ? 'known' : 'later' }
}

/** The last value up to the index date, by its amount: the store keeps which one it was, not from when. */
const isBaseline = (
  { baseline, index_on, measure }: PatientReceipt,
  on: string,
  value: number,
  { outcomes }: Contract,
) =>
  outcomes.some((outcome) => outcome.measure === measure) &&
  on <= index_on &&
  baseline !== null &&
  Math.abs(value - baseline) < 1e-6
