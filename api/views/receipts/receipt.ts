/** The receipt of a partner: its arithmetic, the effect of each patient, and the source rows of one patient. */
import type { Store } from '../../../data/postgres/database.ts'
import { assessedPatientsOf, rowsOfPatient, type SourcedRow } from '../../../data/settlements/receipts.ts'
import {
  addingUpOf,
  type AddingUp,
  patientReceiptOf,
  type PatientReceipt,
} from '../../../engine/explain/patient-receipt.ts'
import { partnerWorthOf } from '../../../engine/explain/partner-worth.ts'
import { type PartnerReceipt, partnerReceiptOf } from '../../../engine/explain/receipt.ts'
import { Refusal } from '../../../engine/kernel/refusal.ts'
import type { RunSettlementRecord } from '../settlement-view.ts'

/** A source row, and its use. */
export interface UsedRow extends SourcedRow {
  /** `realised` or `baseline` of an outcome, `known` on the index date, `later`, or `comparison` */
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
  /** whether claims are among the rows: they are for comparison only, and other partners' claims are among them */
  readonly claims: boolean
}

/** @throws Refusal `unknown_partner`, `unknown_patient` */
export async function receiptOf(
  store: Store,
  { settlement, excerpt, contract, run }: RunSettlementRecord,
  { partner, patient, after, limit, claims }: ReceiptOrder,
): Promise<Receipt> {
  const receipt = partnerReceiptOf(settlement, contract, partner, excerpt?.budgetFactor)
  const worth = partnerWorthOf(settlement, contract, partner, excerpt?.budgetFactor)
  const order = { runId: run.runId, partnerId: partner, patientId: patient, after, limit }
  const assessed = await assessedPatientsOf(store, order)
  if (patient !== undefined && assessed.length === 0)
    throw new Refusal(
      'unknown_patient',
      `Patient "${patient}" does not count for ${partner} in this settlement; expectations.csv has those who do.`,
      { partner, patient },
    )
  const patients = assessed.map((row) => patientReceiptOf(worth, contract, row))
  const all = { ...receipt, adds_up: addingUpOf(settlement, contract, partner, excerpt?.budgetFactor), patients }
  if (patient === undefined) return all
  const rows = await rowsOfPatient(store, { regionId: run.regionId, asOf: run.asOf, patientId: patient })
  return {
    ...all,
    rows: usedRows(
      rows.filter(({ table }) => claims || table !== 'claims'),
      patients,
    ),
  }
}

const DATES = ['observed_on', 'onset_on', 'started_on', 'performed_on'] as const

const dayOfRow = ({ values }: SourcedRow): string | undefined =>
  DATES.map((column) => values[column]).find((value) => typeof value === 'string')

/** The use of every row of one patient. */
function usedRows(rows: readonly SourcedRow[], patients: readonly PatientReceipt[]): UsedRow[] {
  const indexOn = patients[0]?.index_on ?? ''
  const outcomes = new Map(patients.map((patient) => [patient.measure, patient]))
  // the last day up to the index date on which each measure was read
  const last = new Map<string, string>()
  for (const row of rows) {
    const [measure, on] = [String(row.values.measure), dayOfRow(row) ?? '']
    if (row.table === 'observations' && on <= indexOn && on > (last.get(measure) ?? '')) last.set(measure, on)
  }
  const useOf = (row: SourcedRow): string => {
    if (row.table === 'claims') return 'comparison'
    const on = dayOfRow(row)
    const outcome = row.table === 'observations' ? outcomes.get(String(row.values.measure)) : undefined
    if (outcome && outcome.realised_on === on) return 'realised'
    if (outcome && outcome.baseline !== null && last.get(outcome.measure) === on) return 'baseline'
    return on === undefined || on <= indexOn ? 'known' : 'later'
  }
  return rows.map((row) => ({ ...row, used_as: useOf(row) }))
}
