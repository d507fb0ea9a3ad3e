/** Which settlements are open to research, and whether a later one may be opened beside them. */
import { sql } from 'kysely'
import { cellsThatTell, type Shift } from '../../engine/research/editions.ts'
import { readContract } from '../region/contracts.ts'
import { regionProgrammes } from '../region/region-programmes.ts'
import type { Store } from '../postgres/database.ts'
import { inTransaction, type Transaction } from '../postgres/transaction.ts'
import { readRun } from '../runs/runs.ts'
import { FINE_PLACES, inOnePass, personParameters, personsOf, type ResearchRun } from './persons.ts'

/** A settlement and whether research is answered from it. */
export interface Edition {
  readonly settlementId: string
  readonly isOpen: boolean
  /** cells that would tell of one to nine persons by subtraction from those that are open; 0 where it is */
  readonly cellsThatTell: number
}

/** The settlement of a contract that research is answered from: the last one opened; null: none is. */
export async function openEditionOf(
  store: Pick<Store, 'db'>,
  { regionId, contractId }: { readonly regionId: number; readonly contractId: string },
): Promise<string | null> {
  const row = await store.db
    .selectFrom('research_edition as e')
    .innerJoin('settlement as s', 's.settlement_id', 'e.settlement_id')
    .select('e.settlement_id')
    .where('s.region_id', '=', regionId)
    .where('s.contract_id', '=', contractId)
    .where('e.is_open', '=', true)
    .orderBy('e.seq', 'desc')
    .limit(1)
    .executeTakeFirst()
  return row?.settlement_id ?? null
}

/** Whether the region has a settlement of that id that is released as final, open to research or not. */
export async function isFinal(
  { db }: Pick<Store, 'db'>,
  { regionId, settlementId }: { readonly regionId: number; readonly settlementId: string },
): Promise<boolean> {
  const released = await db
    .selectFrom('settlement as s')
    .innerJoin('settlement_state as t', 't.settlement_id', 's.settlement_id')
    .select('s.settlement_id')
    .where('s.settlement_id', '=', settlementId)
    .where('s.region_id', '=', regionId)
    .where('t.finality', '=', 'final')
    .executeTakeFirst()
  return released !== undefined
}

/** Whether a settlement is open; one that nobody held against the open ones yet is held against them now, once and for all.
 *  Null: it is not released as final, or not of the region. */
export async function editionOf(
  store: Pick<Store, 'pool'>,
  { regionId, settlementId }: { readonly regionId: number; readonly settlementId: string },
): Promise<Edition | null> {
  return await inTransaction(store, async (transaction) => {
    await transaction.client.query(`select pg_advisory_xact_lock(hashtext('research'), $1)`, [regionId])
    const known = await knownEdition(transaction, regionId, settlementId)
    if (known) return known
    if (!(await isFinal(transaction, { regionId, settlementId }))) return null
    const tell = await heldAgainstOpen(transaction, settlementId)
    await transaction.db
      .insertInto('research_edition')
      .values({ settlement_id: settlementId, region_id: regionId, is_open: tell === 0, cells_that_tell: tell })
      .execute()
    return { settlementId, isOpen: tell === 0, cellsThatTell: tell }
  })
}

/** Holds a settlement that was just made against those that are open, where there are any, so that nobody waits for it later. Kept closed it is
 *  only where somebody differs; otherwise its release decides. */
export async function holdAgainstOpen(transaction: Transaction, settlementId: string): Promise<void> {
  if (await knownEdition(transaction, null, settlementId)) return
  const tell = await heldAgainstOpen(transaction, settlementId)
  if (tell === 0) return
  const { run } = await researchRun(transaction, settlementId)
  await transaction.db
    .insertInto('research_edition')
    .values({ settlement_id: settlementId, region_id: run.regionId, is_open: false, cells_that_tell: tell })
    .onConflict((conflict) => conflict.doNothing())
    .execute()
}

/** @param regionId null: of any region, since it is not for a reader */
async function knownEdition(
  { db }: Transaction,
  regionId: number | null,
  settlementId: string,
): Promise<Edition | null> {
  const row = await db
    .selectFrom('research_edition')
    .select(['is_open', 'cells_that_tell'])
    .where('settlement_id', '=', settlementId)
    .$if(regionId !== null, (asked) => asked.where('region_id', '=', regionId))
    .executeTakeFirst()
  return row ? { settlementId, isOpen: row.is_open, cellsThatTell: row.cells_that_tell } : null
}

async function heldAgainstOpen(transaction: Transaction, settlementId: string): Promise<number> {
  const { rows } = await sql<{ id: string }>`
    select research_editions_beside(${settlementId}) as id`.execute(transaction.db)
  if (rows.length === 0) return 0
  const later = await researchRun(transaction, settlementId)
  let tell = 0
  for (const { id } of rows)
    tell += cellsThatTell(await readShifts(transaction, await researchRun(transaction, id), later))
  return tell
}

/** What tells the persons of a settlement apart. */
export async function researchRun({ db, client }: Transaction, settlementId: string): Promise<ResearchRun> {
  const settlement = await db
    .selectFrom('settlement')
    .select('run_id')
    .where('settlement_id', '=', settlementId)
    .executeTakeFirstOrThrow()
  const run = await readRun({ db }, settlement.run_id)
  const { contract } = await readContract({ db }, run.contractSha256)
  const programmes = await regionProgrammes(client, run.regionId, run.asOf)
  return { run, contract, programme: programmes.get(contract.programme) ?? { conditions: {}, measures: [] } }
}

/** Persons of two runs by cell. Who stands in another cell of the later one has left the first and entered the second. */
async function readShifts({ client }: Transaction, open: ResearchRun, later: ResearchRun): Promise<Shift[]> {
  const places = (alias: string, first: number): string =>
    `${alias} as materialized (select person.*, fine, value from (${personsOf(first)}) person cross join lateral ${FINE_PLACES} as place (fine, value))`
  await inOnePass({ client })
  const { rows } = await client.query<Shift>(
    `with ${places('a', 1)}, ${places('b', 8)}
     select (count(*) filter (where a.fine is not null and b.fine is not null and ${SAME}))::int as same,
        (count(*) filter (where a.fine is not null and b.fine is not null and not ${SAME}))::int as changed,
        (count(*) filter (where b.fine is null))::int as "left", (count(*) filter (where a.fine is null))::int as entered
       from a full join b using (patient_key, measure_id, fine, value, cohort, age, sex)
      group by measure_id, fine, value, cohort, age, sex`,
    [...personParameters(open), ...personParameters(later)],
  )
  return rows
}

const SAME = `(a.is_measured, a.mean, a.realised, a.expected_value, a.realised_value, a.gain, a.contribution)
  is not distinct from (b.is_measured, b.mean, b.realised, b.expected_value, b.realised_value, b.gain, b.contribution)`
