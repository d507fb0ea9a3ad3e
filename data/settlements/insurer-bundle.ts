/** The bundle of one insurer: what its own amounts follow from and its own lines of the book, for an independent check; nobody else's persons
 *  or amounts.
 *
 *  A partner's payment would tell what the other insurers pay, so it is not in it: the insurer's cents follow from what a patient-year earns
 *  and the patient-years of its own insured, to the cent that rounding deals out. Nor are hashes of single lines: between two of them lie few
 *  amounts of others, which could be tried. */
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sql } from 'kysely'
import { canonicalJson } from '../../engine/kernel/canonical.ts'
import { invariant, Refusal } from '../../engine/kernel/refusal.ts'
import type { Excerpt } from '../../engine/disclosure/excerpt.ts'
import type { Settlement } from '../../engine/settlement/statement.ts'
import { writeBundleFile } from '../files/bundle-file.ts'
import type { Store } from '../postgres/database.ts'
import { readContract } from '../region/contracts.ts'
import { readRegions } from '../region/regions.ts'
import { readRun, type Run } from '../runs/runs.ts'
import { readCorrection } from './corrections.ts'
import { readExcerpt } from './excerpts.ts'
import { cell } from './outputs.ts'
import { ledgerHead, readSettlement, wholeSettlement } from './settlements.ts'

/** The bytes of the bundle: small, whatever the size of the region.
 *  @param store with the rights of a worker: what is nobody's own is read and left out here
 *  @throws Refusal `unknown_settlement`, `not_found` where nobody in it is insured by the insurer */
export async function insurerBundle(store: Store, settlementId: string, insurer: string): Promise<Buffer> {
  const { runId } = await readSettlement(store, settlementId)
  const excerpt = await readExcerpt(store, settlementId, { role: 'insurer', subject: insurer })
  const amounts = excerpt?.insurer
  if (!amounts)
    throw new Refusal('not_found', `There is no settlement ${settlementId} that concerns insured of ${insurer}.`)
  const run = await readRun(store, runId)
  const { contract, yaml } = await readContract(store, run.contractSha256)
  const told = new Set(amounts.partners.map(({ partner_id }) => partner_id))
  const settlement = await wholeSettlement(store, settlementId)
  const head = await headOf(store, run, insurer, settlement)
  const { budgetFactor } = excerpt
  const { payment_cents, small_panels_cents } = amounts
  const texts: readonly (readonly [string, string])[] = [
    ['bundle.json', `${JSON.stringify(head, null, 2)}\n`],
    [
      'amounts.json',
      `${JSON.stringify({ payment_cents, small_panels_cents, budget_factor: budgetFactor }, null, 2)}\n`,
    ],
    ['contract.json', `${canonicalJson(contract)}\n`],
    ['contract.yaml', yaml],
    ['partners.csv', await partnersCsv(store, run, settlement, amounts)],
    ['gates.csv', gatesCsv(settlement, told)],
    ['ledger.csv', await ledgerCsv(store, settlementId, insurer, [...told])],
  ]
  const parts = texts.map(([name, text]) => ({ name, write: async (to: NodeJS.WritableStream) => to.write(text) }))
  const folder = await mkdtemp(join(tmpdir(), 'winst-bundle-'))
  try {
    await writeBundleFile(join(folder, 'bundle'), parts)
    return await readFile(join(folder, 'bundle'))
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

const csv = (columns: readonly string[], rows: readonly (readonly (string | number | null)[])[]): string =>
  [columns, ...rows].map((row) => `${row.map((field) => cell(String(field ?? ''))).join(',')}\n`).join('')

async function headOf(store: Store, run: Run, insurer: string, { model_ids }: Settlement) {
  const region = (await readRegions(store)).find(({ regionId }) => regionId === run.regionId)
  invariant(region, 'a run belongs to a region')
  const correction = await readCorrection(store, run.runId)
  return {
    format: 'winst-insurer-bundle 1',
    settlement_id: run.runId,
    insurer,
    region: region.name,
    as_of: run.asOf,
    engine_version: run.engineVersion,
    dataset_sha256: run.datasetSha256,
    contract_sha256: run.contractSha256,
    model_ids,
    ...(correction ? { corrects: correction.corrects } : {}),
    ledger_head: await ledgerHead(store),
  }
}

/** What a patient-year earns each partner that can be shown, the days of the insurer's own insured, and its cents. */
async function partnersCsv(
  store: Store,
  run: Run,
  { partners }: Settlement,
  { insurer, partners: own }: NonNullable<Excerpt['insurer']>,
): Promise<string> {
  const days = await insuredDays(store, run, insurer)
  const columns = [
    'partner_id',
    'value_eur_per_patient_year',
    'dead_band_eur',
    'shared_eur_per_patient_year',
    'gate_multiplier',
    'insured_days',
    'cents',
  ]
  return csv(
    columns,
    own.map(({ partner_id, cents }) => {
      const partner = partners.find((each) => each.partner_id === partner_id)
      invariant(partner, 'an insurer pays a partner of the settlement')
      const { value_eur_per_patient_year, dead_band_eur, shared_eur_per_patient_year, gate_multiplier } = partner
      return [
        partner_id,
        value_eur_per_patient_year,
        dead_band_eur,
        shared_eur_per_patient_year,
        gate_multiplier,
        days.get(partner_id) ?? 0,
        cents,
      ]
    }),
  )
}

/** Days in the period of an insurer's own eligible insured, by partner. */
async function insuredDays({ db }: Store, { runKey, runId }: Run, insurer: string): Promise<Map<string, number>> {
  const { rows } = await sql<{ partner_id: string; days: number }>`
    select p.partner_id, sum(w.exposure_days)::bigint as days
      from (select distinct e.patient_key, e.index_no, e.partner_no, e.exposure_days
              from expectation e
              join realisation h using (run_key, measure_id, years_before, patient_key, index_no)
              join run_insurer i on i.run_id = ${runId} and i.insurer_no = e.insurer_no
             where e.run_key = ${runKey} and e.years_before = 0 and i.insurer = ${insurer} and h.status in ('measured', 'missing')) w
      join run_partner p on p.run_id = ${runId} and p.partner_no = w.partner_no
     group by p.partner_id`.execute(db)
  return new Map(rows.map(({ partner_id, days }) => [partner_id, days]))
}

const gatesCsv = ({ partners }: Settlement, told: ReadonlySet<string>): string =>
  csv(
    ['partner_id', 'gate', 'passed', 'weight'],
    partners
      .filter(({ partner_id }) => told.has(partner_id))
      .flatMap(({ partner_id, gates }) =>
        gates.map(({ gate, passed, weight }) => [partner_id, gate, String(passed), weight]),
      ),
  )

const LEDGER_COLUMNS = [
  'entry_id',
  'account',
  'partner_id',
  'debit_cents',
  'credit_cents',
  'posted_on',
  'reverses',
  'seq',
] as const

/** The insurer's own entries of the settlement, of the partners that can be shown. */
async function ledgerCsv(
  { db }: Store,
  settlementId: string,
  insurer: string,
  told: readonly string[],
): Promise<string> {
  const rows = await db
    .selectFrom('ledger_entry')
    .select(LEDGER_COLUMNS)
    .where('settlement_id', '=', settlementId)
    .where('insurer', '=', insurer)
    .where(sql<boolean>`partner_id = any (${told})`)
    .orderBy('seq')
    .execute()
  return csv(
    LEDGER_COLUMNS,
    rows.map((row) => LEDGER_COLUMNS.map((column) => row[column])),
  )
}
