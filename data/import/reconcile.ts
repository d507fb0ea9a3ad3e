/** From the staging table to the fact tables: duplicates rejected, earlier deliveries compared, changes appended. */
import type { ClientBase } from 'pg'
import type { Day } from '../../engine/kernel/calendar.ts'
import { invariant } from '../../engine/kernel/refusal.ts'
import type { FactFile } from './rows/fact-file.ts'
import type { Faults } from './rows/faults.ts'
import { NOBODY } from './rows/rejects.ts'
import type { Who } from './rows/rejects.ts'
import { stagedName } from './staging-table.ts'
import type { DirectTarget } from './staging-table.ts'

/** The delivery and source file that rows are appended under. */
export interface Origin {
  readonly regionId: number
  readonly deliveryId: number
  /** the day of the region's latest delivery before; null: this is its first */
  readonly latest: Day | null
  readonly sourceFileId: number
}

/** Rows that equal an earlier one of the file.
 *  @param direct the fact table that rows of the file were copied into; null if all are in the staging table */
export async function rejectDuplicates(
  client: ClientBase,
  fact: FactFile,
  faults: Faults,
  direct: DirectTarget | null,
): Promise<void> {
  const rows = await earlierOccurrences(client, fact, direct, `''`, Object.keys(fact.payload))
  const duplicates = rows.map(({ line, first }) => ({
    line,
    column: '',
    value: '',
    reason: `exact duplicate of line ${first}`,
  }))
  await rejectStaged(client, fact, faults, duplicates)
}

/** Rows that contradict an earlier row of a key that may have only one. */
export async function rejectContradictions(
  client: ClientBase,
  fact: FactFile,
  faults: Faults,
  direct: DirectTarget | null,
): Promise<void> {
  const { unique } = fact
  if (unique === null) return
  const rows =
    fact.distinguishing === null
      ? await repeatedKeys(client, fact)
      : await earlierOccurrences(client, fact, direct, `s.${unique}`, fact.key)
  const contradictions = rows.map(({ line, first, shown }) => ({
    line,
    column: unique,
    value: shown,
    reason: `stands in line ${first} already, told otherwise`,
  }))
  await rejectStaged(client, fact, faults, contradictions)
}

interface Repetition {
  readonly line: number
  readonly first: number
  readonly shown: string
}

/** Rows of the temporary table whose key an earlier one has. */
async function repeatedKeys(client: ClientBase, fact: FactFile): Promise<Repetition[]> {
  const { rows } = await client.query<Repetition>(
    `select line, first, shown from (
       select line, ${fact.unique} as shown, min(line) over (partition by ${fact.key.join(', ')}) as first from ${stagedName(fact)}) rows
     where line > first order by line`,
  )
  return rows
}

/** The possible duplicates that are real: an earlier row of the file has equal values in `columns`. */
async function earlierOccurrences(
  client: ClientBase,
  fact: FactFile,
  direct: DirectTarget | null,
  shown: string,
  columns: readonly string[],
): Promise<Repetition[]> {
  const staged = stagedName(fact)
  const equal = columns.map((column) => same(fact, column, 's', 'e')).join(' and ')
  const before = (place: string, where: string) =>
    `select s.line, e.line as first, ${shown} as shown from ${staged} s join ${place} e on e.line < s.line and ${equal} where ${where}`
  const facts = direct && before(fact.table, `s.possible_duplicate and e.delivery_id = (select ${direct.deliveryId})`)
  await client.query(`analyze ${staged}`)
  // Rows sent a moment ago are not in the planner's statistics: by default it sorts all of them, scans all of them for each possible duplicate,
  // hashes them instead of the few possible duplicates, or reads the rows of every other region too. It assumes that an unseen delivery
  // has the average size.
  await client.query(
    'set local enable_nestloop = off; set local enable_mergejoin = off; set local enable_seqscan = off; set local enable_indexscan = off',
  )
  const { rows } = await client.query<Repetition>(
    `select line, min(first) as first, min(shown) as shown
     from (${[before(staged, 's.possible_duplicate'), ...(facts ? [facts] : [])].join(' union all ')}) repetitions
     group by line order by line`,
  )
  await client.query(
    'set local enable_nestloop = on; set local enable_mergejoin = on; set local enable_seqscan = on; set local enable_indexscan = on',
  )
  return rows
}

export interface StagedFault {
  readonly line: number
  readonly column: string
  readonly value: string
  readonly reason: string
}

/** Removes rows from the staging table and reports why, with their patient and partner. */
export async function rejectStaged(
  client: ClientBase,
  fact: FactFile,
  faults: Faults,
  rejected: readonly StagedFault[],
): Promise<void> {
  if (rejected.length === 0) return
  const partner = 'partner_id' in fact.payload ? 'partner_id' : `''`
  const patient =
    'patient_id' in fact.payload
      ? 's.patient_id'
      : 'patient_key' in fact.payload
        ? '(select patient_id from patient p where p.patient_key = s.patient_key)'
        : `''`
  const { rows } = await client.query<Who & { readonly line: number }>(
    `delete from ${stagedName(fact)} s where line = any ($1)
     returning line, coalesce(${partner}, '') as partner, coalesce(${patient}, '') as patient`,
    [rejected.map(({ line }) => line)],
  )
  const whoOf = new Map(rows.map(({ line, partner: at, patient: of }) => [line, { partner: at, patient: of }]))
  for (const { line, column, value, reason } of rejected)
    faults.add(line, column, value, reason, whoOf.get(line) ?? NOBODY)
}

/** Appends what is new or changed, and marks the rows it supersedes.
 *  @returns how many rows were appended */
export async function append(client: ClientBase, fact: FactFile, origin: Origin): Promise<number> {
  const changedOnly = origin.latest === null ? '' : await supersede(client, fact, origin)
  const columns = Object.keys(fact.payload).join(', ')
  const { rowCount } = await client.query(
    `insert into ${fact.table} (region_id, ${columns}, delivery_id, source_file_id, line)
     select $1, ${columns}, $2, $3, line from ${stagedName(fact)} s ${changedOnly}`,
    [origin.regionId, origin.deliveryId, origin.sourceFileId],
  )
  invariant(rowCount !== null, 'an insert reports its row count')
  return rowCount
}

/** Finds the keys whose rows differ from the region's current ones and supersedes those as of this delivery.
 *  @returns the condition that selects only such rows of the staging table */
async function supersede(client: ClientBase, fact: FactFile, origin: Origin): Promise<string> {
  const staged = stagedName(fact)
  const payload = [...Object.keys(fact.payload), ...Object.keys(fact.derived ?? {})].join(', ')
  const key = fact.key.join(', ')
  const sameKey = (left: string, right: string) =>
    fact.key.map((column) => same(fact, column, left, right)).join(' and ')
  await client.query(`analyze ${staged}`)
  await client.query(
    `create temporary table known_${fact.table} on commit drop as
     select ${payload}, delivery_id from ${fact.table}_known(${origin.regionId}, 'infinity') k
     where exists (select from ${staged} s where ${sameKey('s', 'k')})`,
  )
  await client.query(
    `create temporary table changed_${fact.table} on commit drop as
     select distinct ${key} from (
       select ${payload} from (
         select ${payload}, 1 as side from ${staged} union all select ${payload}, -1 from known_${fact.table}) stated
       group by ${payload} having sum(side) <> 0) differing`,
  )
  await client.query(`analyze changed_${fact.table}`)
  await client.query(
    `insert into superseded_${fact.table} (region_id, ${key}, delivery_id, by_delivery_id)
     select distinct $1::int, ${fact.key.map((column) => `k.${column}`).join(', ')}, k.delivery_id, $2::int
     from known_${fact.table} k join changed_${fact.table} c on ${sameKey('c', 'k')}`,
    [origin.regionId, origin.deliveryId],
  )
  return `where exists (select from changed_${fact.table} c where ${sameKey('c', 's')})`
}

/** Null-safe equality; plain, hashable equality for key columns, of which only `period` may be null. */
const same = (fact: FactFile, column: string, left: string, right: string): string =>
  fact.key.includes(column) && column !== 'period'
    ? `${left}.${column} = ${right}.${column}`
    : `${left}.${column} is not distinct from ${right}.${column}`
