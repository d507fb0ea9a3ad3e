/** The bundle of a settlement: its frozen inputs and results, part by part, for an independent check. */
import type { Writable } from 'node:stream'
import { MEASURED, MISSING } from '../../engine/assessment/assessment.ts'
import { dayOf } from '../../engine/kernel/calendar.ts'
import { canonicalJson } from '../../engine/kernel/canonical.ts'
import type { Contract } from '../../engine/contract/contract.ts'
import { contractDeathsOf, isAskedForDeaths, mortalityFactsOf } from '../../engine/assessment/deaths.ts'
import { foldOf } from '../../engine/kernel/fold.ts'
import { modelNameOf, modelsAskedOf } from '../../engine/contract/term.ts'
import { measuredAmongControlsOf } from '../../engine/assessment/contribution.ts'
import type { ChainedEntry } from '../../engine/ledger/ledger.ts'
import { factsOf } from '../../engine/assessment/patient-facts.ts'
import { invariant } from '../../engine/kernel/refusal.ts'
import { indicesOf, type Roster, rosterOf } from '../../engine/panel/roster.ts'
import { readAssessedYears } from '../runs/assessed-years.ts'
import { perProcedureCents } from '../region/claims.ts'
import { readContract } from '../region/contracts.ts'
import { readCorrection } from './corrections.ts'
import { copyOut } from '../postgres/copy-out.ts'
import type { Store } from '../postgres/database.ts'
import { enrolledPartnerIds } from '../region/enrolled-partners.ts'
import { type BundlePart, type BundleSeal, writeBundleFile } from '../files/bundle-file.ts'
import { cell, sixDecimals, writeExpectations, writePlacebo } from './outputs.ts'
import { readEvidence } from '../indicators/evidence.ts'
import { regionProgrammes } from '../region/region-programmes.ts'
import { readRegions } from '../region/regions.ts'
import { readParties, readRun, type Run } from '../runs/runs.ts'
import { ledgerHead, documentOf, readLedger, readSettlement } from './settlements.ts'

/** Writes the bundle of a settlement; its rows are streamed.
 *  @throws Refusal `unknown_settlement` */
export async function writeBundle(store: Store, settlementId: string, path: string): Promise<BundleSeal> {
  const { runId } = await readSettlement(store, settlementId)
  const document = await documentOf(store, settlementId)
  const run = await readRun(store, runId)
  const { contract, yaml } = await readContract(store, run.contractSha256)
  const { partners } = await readParties(store, run.runId)
  const roster = rosterOf(
    contract,
    partners,
    new Set(await enrolledPartnerIds(store, run.regionId, run.asOf, contract.programme)),
  )
  const counted = await countedOf(store, run)
  const head = await headOf(store, run, contract)
  const ledger = await readLedger(store, settlementId)
  const text = (name: string, content: string): BundlePart => ({ name, write: async (to) => to.write(content) })
  return await writeBundleFile(path, [
    text('bundle.json', `${JSON.stringify({ format: 'winst-bundle 2', ...head }, null, 2)}\n`),
    text('contract.json', `${canonicalJson(contract)}\n`),
    text('contract.yaml', yaml),
    text('partners.csv', await partnersCsv(store, { run, contract, partners, roster, included: counted.included })),
    text('quality.csv', await qualityCsv(store, run, contract)),
    text('barred.csv', csv(['reason', 'patients'], Object.entries(counted.ineligible))),
    { name: 'exposure.csv', write: (to) => writeExposure(store, run, contract, to) },
    { name: 'control-fit.csv', write: (to) => writeControlFit(store, run, contract, roster, to) },
    { name: 'expectations.csv', write: (to) => writeExpectations(store, run, to) },
    { name: 'placebo.csv', write: (to) => writePlacebo(store, run, to) },
    text('settlement.json', document),
    text('ledger.csv', ledgerCsv(ledger)),
    text('reversed.csv', ledgerCsv(await reversedBy(store, settlementId, ledger))),
  ])
}

const csv = (columns: readonly string[], rows: readonly (readonly (string | number | null)[])[]): string =>
  [columns, ...rows].map((row) => `${row.map((field) => cell(String(field ?? ''))).join(',')}\n`).join('')

async function headOf(store: Store, run: Run, contract: Contract) {
  const region = (await readRegions(store)).find(({ regionId }) => regionId === run.regionId)
  const programme = (await regionProgrammes(store.pool, run.regionId, run.asOf)).get(contract.programme)
  invariant(region && programme, 'a run belongs to a region and a programme')
  const models = await store.db
    .selectFrom('run_model')
    .select(['measure', 'years_elapsed', 'model_id'])
    .where('run_id', '=', run.runId)
    .execute()
  const correction = await readCorrection(store, run.runId)
  const ids = new Map(
    models.map(({ measure, years_elapsed, model_id }) => [modelNameOf(measure, years_elapsed), model_id]),
  )
  const betters = new Map(programme.measures.map(({ key, better }) => [key, better]))
  const measures = contract.outcomes.map(({ measure }) => measure)
  return {
    settlement_id: run.runId,
    region: region.name,
    as_of: run.asOf,
    engine_version: run.engineVersion,
    dataset_sha256: run.datasetSha256,
    contract_sha256: run.contractSha256,
    model_ids: Object.fromEntries(modelsAskedOf(contract).map(({ name }) => [name, ids.get(name) ?? null])),
    better: Object.fromEntries(measures.map((measure) => [measure, betters.get(measure) ?? null])),
    ...(correction ? { corrects: correction.corrects } : {}),
    ledger_head: await ledgerHead(store),
  }
}

interface Counted {
  readonly ineligible: { readonly not_main_practitioner: number; readonly other_insurer: number }
  /** patients over the quarter days, by partner of the run */
  readonly included: ReadonlyMap<number, number>
}

/** The counts of a run's shards at realisation. */
async function countedOf({ db }: Store, { runId }: Run): Promise<Counted> {
  const rows = await db
    .selectFrom('stage_done')
    .select('result')
    .where('run_id', '=', runId)
    .where('stage', '=', 'realise')
    .execute()
  const included = new Map<number, number>()
  let [not_main_practitioner, other_insurer] = [0, 0]
  for (const { result } of rows) {
    const shard = result as {
      notMainPractitioner: number
      otherInsurer: number
      includedOnQuarterDays: readonly (readonly [number, number])[]
    }
    not_main_practitioner += shard.notMainPractitioner
    other_insurer += shard.otherInsurer
    for (const [partner, patients] of shard.includedOnQuarterDays)
      included.set(partner, (included.get(partner) ?? 0) + patients)
  }
  return { ineligible: { not_main_practitioner, other_insurer }, included }
}

interface Partners {
  readonly run: Run
  readonly contract: Contract
  readonly partners: Awaited<ReturnType<typeof readParties>>['partners']
  readonly roster: Roster
  readonly included: ReadonlyMap<number, number>
}

async function partnersCsv(store: Store, { run, contract, partners, roster, included }: Partners): Promise<string> {
  const { programme, period, insurers } = contract
  const { partnerIds, credited } = roster
  const claims = await perProcedureCents(store, { ...run, programme, period, insurers, partnerIds, credited })
  const roleOf = (p: number) => (roster.contract[p] === 1 ? 'contract' : roster.control[p] === 1 ? 'control' : '')
  return csv(
    ['partner_id', 'kind', 'member_of', 'role', 'per_procedure_cents', 'included_on_quarter_days'],
    partners.map(({ partnerId, kind, memberOf }, p) => [
      partnerId,
      kind,
      memberOf,
      roleOf(p),
      claims[p]!,
      included.get(p) ?? 0,
    ]),
  )
}

async function qualityCsv(store: Store, { regionId, asOf }: Run, contract: Contract): Promise<string> {
  const rows = await readEvidence(store, { regionId, asOf, contract })
  return csv(
    ['partner_id', 'gate', 'period', 'value'],
    rows.map(({ partnerId, gate, period, value }) => [partnerId, gate, period, value]),
  )
}

/** Days from the index date, insurer and death of every index date of the contract year: they are the same for every outcome. */
async function writeExposure(store: Store, run: Run, contract: Contract, to: Writable): Promise<void> {
  to.write('patient_id,partner_id,index_on,insurer,exposure_days,died,death_probability\n')
  const deathOf = await deathsByIndexDate(store, run, contract)
  const client = await store.pool.connect()
  try {
    const [outcome] = contract.outcomes
    const { rows } = await client.query<{ id: number }>('select measure_id as id from measure_key where key = $1', [
      outcome!.measure,
    ])
    if (!rows[0]) return
    await copyOut(
      client,
      `select w.patient_id, p.partner_id, i.insurer, e.patient_key, e.index_on, e.exposure_days
         from expectation e
         join run r using (run_key)
         join patient w using (patient_key)
         join run_partner p on p.run_id = r.run_id and p.partner_no = e.partner_no
         join run_insurer i on i.run_id = r.run_id and i.insurer_no = e.insurer_no
        where e.run_key = ${run.runKey} and e.measure_id = ${rows[0].id} and e.years_before = 0
        order by w.patient_id collate "C", e.index_no`,
      ['text', 'text', 'text', 'int4', 'date', 'int4'],
      ({ rows, texts: [patients, partners, insurers], numbers }) => {
        let lines = ''
        for (let row = 0; row < rows; row++) {
          const [key, indexOn, days] = [numbers[3]![row]!, numbers[4]![row]!, numbers[5]![row]!]
          const names = [patients![row]!, partners![row]!, dayOf(indexOn), insurers![row]!].map(cell)
          lines += `${names.join(',')},${days},${deathOf.get(indexDateOf(key, indexOn)) ?? ','}\n`
        }
        to.write(lines)
      },
    )
  } finally {
    client.release()
  }
}

const indexDateOf = (patientKey: number, indexOn: number): string => `${patientKey} ${indexOn}`

/** `died,death_probability` by index date, where the contract asks for deaths. */
async function deathsByIndexDate(store: Store, run: Run, contract: Contract): Promise<ReadonlyMap<string, string>> {
  if (!isAskedForDeaths(contract)) return new Map()
  const years = await readAssessedYears(
    store,
    run,
    contract.outcomes.map(({ measure }) => measure),
  )
  const mortality = years.map(({ yearsBefore, patientIds, outcomes: [outcome] }) => {
    invariant(outcome, 'an assessed year has an outcome')
    const { known, diedAfter } = factsOf(patientIds.length, outcome.facts)
    return { yearsBefore, facts: mortalityFactsOf(known), diedAfter, fold: Uint8Array.from(patientIds, foldOf) }
  })
  const [year] = years
  invariant(year?.yearsBefore === 0, 'the contract year comes first')
  const deaths = contractDeathsOf(contract, mortality, year.indexOn)
  if (deaths === null) return new Map()
  return new Map(
    Array.from(year.patientKey, (key, row) => [
      indexDateOf(key, year.indexOn[row]!),
      `${deaths.died[row]},${sixDecimals(deaths.probability[row]!)}`,
    ]),
  )
}

/** P(measured) as fitted on the controls alone, where the contract has a clause that asks for it. */
async function writeControlFit(
  store: Store,
  run: Run,
  contract: Contract,
  roster: Roster,
  to: Writable,
): Promise<void> {
  to.write('patient_id,partner_id,index_on,measure,measured_among_controls\n')
  const isAsked =
    contract.excessMissing === 'deduct' || contract.gates.some(({ gate }) => gate === 'max_excess_missing')
  if (!isAsked) return
  const measures = contract.outcomes.map(({ measure }) => measure)
  const [year] = await readAssessedYears(store, run, measures)
  invariant(year?.yearsBefore === 0, 'the contract year comes first')
  const isControl = new Uint8Array(roster.partnerIds.length)
  for (const partner of indicesOf(roster.control)) isControl[partner] = 1
  for (const { measure, status, facts } of year.outcomes) {
    const fitted = measuredAmongControlsOf(status, factsOf(status.length, facts).known, year.partner, isControl)
    if (fitted === null) continue
    let lines = ''
    for (let row = 0; row < status.length; row++) {
      if (status[row] !== MEASURED && status[row] !== MISSING) continue
      const names = [year.patientIds[row]!, roster.partnerIds[year.partner[row]!]!, dayOf(year.indexOn[row]!), measure]
      lines += `${names.map(cell).join(',')},${sixDecimals(fitted[row]!)}\n`
    }
    to.write(lines)
  }
}

/** Entries of earlier settlements that these undo. */
async function reversedBy(
  store: Store,
  settlementId: string,
  ledger: readonly ChainedEntry[],
): Promise<ChainedEntry[]> {
  const undone = new Set(ledger.flatMap(({ reverses }) => reverses ?? []))
  if (undone.size === 0) return []
  const book = await readLedger(store)
  return book.filter((entry) => entry.settlement_id !== settlementId && undone.has(entry.entry_id))
}

const LEDGER_COLUMNS = [
  ...(['entry_id', 'settlement_id', 'account', 'partner_id', 'insurer', 'debit_cents', 'credit_cents'] as const),
  ...(['posted_on', 'reverses', 'seq', 'previous_hash', 'hash'] as const),
]

const ledgerCsv = (entries: readonly ChainedEntry[]): string =>
  csv(
    LEDGER_COLUMNS,
    entries.map((entry) => LEDGER_COLUMNS.map((column) => entry[column])),
  )
