/** Settlements that pay what a test says, without the computation before them. */
import type { Store } from '../../data/database.ts'
import { openRun, type Run } from '../../data/runs.ts'
import { appendSettlement } from '../../data/settlements.ts'
import { inTransaction } from '../../data/transaction.ts'
import { type PartnerStatement, type Settlement, settlementText } from '../../engine/statement.ts'
import { sha256 } from './run-world.ts'

const partner = (partner_id: string, payment_cents: number): PartnerStatement => ({
  partner_id,
  patients: 40,
  eligible: 40,
  measured: 40,
  patient_years: 40,
  outcomes: [],
  value_eur_per_patient_year: 1,
  value_sd: 1,
  dead_band_eur: 0,
  shared_eur_per_patient_year: 1,
  reason: null,
  gates: [],
  gate_multiplier: 1,
  payment_cents,
  interval90_cents: [0, 0],
  per_procedure_cents: 0,
  bundled_cents: 0,
  insurers: [{ insurer: '7095', cents: payment_cents }],
  attribution: [],
})

/** A settlement of a contract as of a day, that pays p01, p02 … these cents, all of insurer 7095. */
export const settlementOn = (contract: string, as_of: string, ...cents: readonly number[]): Settlement => ({
  settlement_id: sha256(`${contract} ${as_of} ${cents.join()}`),
  contract,
  as_of,
  engine_version: '1',
  dataset_sha256: sha256('data'),
  contract_sha256: sha256(contract),
  model_ids: {},
  totals: { payment_cents: cents.reduce((sum, each) => sum + each, 0), per_procedure_cents: 0, bundled_cents: 0 },
  outcomes: [],
  partners: cents.map((each, at) => partner(`p0${at + 1}`, each)),
  excluded: [],
})

/** Opens the run that a settlement is of, like the given one. */
export const runOn = (store: Store, run: Run, settlement: Settlement): Promise<Run> =>
  openRun(store, { ...run, runId: settlement.settlement_id, asOf: settlement.as_of }, { partners: [], insurers: [] })

/** Appends a settlement as anna prepares it. @returns whether it was posted now */
export async function appendPlain(store: Store, run: Run, settlement: Settlement): Promise<boolean> {
  const own = await runOn(store, run, settlement)
  return await inTransaction(store, (transaction) =>
    appendSettlement(transaction, own, settlement, settlementText(settlement), 'anna'),
  )
}
