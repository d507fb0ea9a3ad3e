/** Checks across rows: partners refer to known partners, patients get their keys, enrolments do not overlap. */
import type { ClientBase } from 'pg'
import type { FactFile } from './rows/fact-file.ts'
import type { Faults } from './rows/faults.ts'
import type { ImportContext } from './rows/import-context.ts'
import { NEVER } from '../../engine/kernel/calendar.ts'
import type { EpochDay } from '../../engine/kernel/calendar.ts'
import { copyOut } from '../postgres/copy-out.ts'
import type { DeliveryPlan } from '../region/delivery.ts'
import { rejectStaged } from './reconcile.ts'
import { stagedName } from './staging-table.ts'

/** Leaves a care group blank that no partner is: the practice itself stays. Afterwards `context.partners` holds every partner of the region. */
export async function resolvePartners(
  client: ClientBase,
  fact: FactFile,
  regionId: number,
  faults: Faults,
  context: ImportContext,
): Promise<void> {
  const staged = stagedName(fact)
  const everyone = `(select partner_id from ${staged} union select partner_id from partner where region_id = ${regionId})`
  const { rows: blanked } = await client.query<{ line: number; partner_id: string; member_of: string }>(
    `with faulty as (
       select line, partner_id, member_of from ${staged} where member_of = partner_id or member_of not in ${everyone}),
     blanked as (update ${staged} s set member_of = null from faulty f where s.line = f.line)
     select * from faulty order by line`,
  )
  for (const { line, partner_id, member_of } of blanked) {
    const root = context.lost.partners.get(member_of)
    const why =
      member_of === partner_id
        ? 'a partner is no member of itself'
        : root
          ? `its partner was rejected: ${root}`
          : 'unknown partner'
    faults.warn(line, 'member_of', member_of, `${why}; left blank`, { partner: partner_id, patient: '' })
  }
  const { rows } = await client.query<{ partner_id: string }>(everyone.slice(1, -1))
  for (const { partner_id } of rows) context.partners.add(partner_id)
}

/** Gives every new patient a key, and the temporary table that key in place of the id.
 *  @returns the file as its table takes it; afterwards `context.patients` holds every patient of the region */
export async function resolvePatients(
  client: ClientBase,
  fact: FactFile,
  { regionId, latest }: DeliveryPlan,
  context: ImportContext,
): Promise<FactFile> {
  const staged = stagedName(fact)
  await client.query(
    `insert into patient (region_id, patient_id, shard)
     select $1, patient_id, shard from ${staged} order by line on conflict (region_id, patient_id) do nothing`,
    [regionId],
  )
  await reserveLifetimes(client, regionId, context)
  if (latest !== null) await loadEarlierLifetimes(client, regionId, context)
  await loadPatients(client, staged, regionId, context)
  const { patient_id: _id, shard: _shard, ...state } = fact.payload
  const keyed: FactFile = { ...fact, payload: { patient_key: 'int', ...state }, key: ['patient_key'] }
  await client.query(`alter table ${staged} rename to named_patient`)
  await client.query(
    `create temporary table ${staged} on commit drop as
     select p.patient_key, ${Object.keys(state).join(', ')}, line from named_patient n
     join patient p on p.region_id = ${regionId} and p.patient_id = n.patient_id`,
  )
  return keyed
}

async function reserveLifetimes(client: ClientBase, regionId: number, { lifetimes }: ImportContext): Promise<void> {
  const range = await client.query<{ least: number | null; most: number | null }>(
    'select min(patient_key) as least, max(patient_key) as most from patient where region_id = $1',
    [regionId],
  )
  const { least, most } = range.rows[0] ?? { least: null, most: null }
  if (least !== null && most !== null) lifetimes.reserve(least, most)
}

/** When everyone was born and died, as delivered before. */
async function loadEarlierLifetimes(client: ClientBase, regionId: number, { lifetimes }: ImportContext): Promise<void> {
  await copyOut(
    client,
    `select patient_key as key, coalesce(birth_year, 0)::int2 as born, died_on as died from patient_state_known(${regionId}, 'infinity')`,
    ['int4', 'int2', 'date'],
    ({ rows, numbers: [keys, born, died] }) => {
      for (let row = 0; row < rows; row++) lifetimes.set(keys![row]!, born![row]! || null, died![row]!)
    },
  )
}

const pageRows = 100_000

type LoadedPatient = [key: number, id: string, isNamed: boolean, birthYear: number | null, diedOn: EpochDay | null]

/** The key of every patient of the region, a page at a time; when those of this file were born and died, as it says. */
async function loadPatients(
  client: ClientBase,
  staged: string,
  regionId: number,
  { patients, lifetimes }: ImportContext,
): Promise<void> {
  for (let after = 0; ;) {
    const { rows } = await client.query<LoadedPatient>({
      text: `select p.patient_key, p.patient_id, n.patient_id is not null, n.birth_year, n.died_on - date '1970-01-01'
         from patient p left join ${staged} n on n.patient_id = p.patient_id
        where p.region_id = $1 and p.patient_key > $2 order by p.patient_key limit ${pageRows}`,
      values: [regionId, after],
      rowMode: 'array',
    })
    for (const [key, id, isNamed, birthYear, diedOn] of rows) {
      patients.know(id, key)
      if (isNamed) lifetimes.set(key, birthYear, diedOn ?? NEVER)
    }
    if (rows.length < pageRows) return
    after = rows.at(-1)?.[0] ?? after
  }
}

interface Stay {
  readonly line: number
  readonly patient_key: number
  readonly programme: string
  readonly partner_id: string
  readonly started_on: string
  readonly ended_on: string
  readonly main_practitioner?: string | null
}

/** Of two overlapping enrolments in one programme the later-started goes, then the greater partner_id (method.md 1). */
export async function rejectOverlaps(
  client: ClientBase,
  fact: FactFile,
  faults: Faults,
  { unitUsage }: ImportContext,
): Promise<void> {
  const staged = stagedName(fact)
  const { rows } = await client.query<Stay>(
    `select line, patient_key, programme, partner_id, started_on, coalesce(ended_on, 'infinity')::text as ended_on, main_practitioner
     from (select *, count(*) over (partition by patient_key, programme) as stays from ${staged}) counted
     where stays > 1
     order by patient_key, programme collate "C", started_on, partner_id collate "C", ended_on desc, line`,
  )
  const overlapping = overlapsIn(rows).sort((a, b) => a.stay.line - b.stay.line)
  const faulty = overlapping.map(({ stay, kept }) => {
    const twoMain =
      stay.main_practitioner && kept.main_practitioner && stay.main_practitioner !== kept.main_practitioner
    if (twoMain) unitUsage.suspect(null, 'two_main_practitioners')
    const two = twoMain
      ? `; two main practitioners on one day: ${kept.main_practitioner} and ${stay.main_practitioner}`
      : ''
    const reason = `overlaps the enrolment in ${stay.programme} with ${kept.partner_id} from ${kept.started_on} (line ${kept.line})${two}`
    return { line: stay.line, column: 'started_on', value: stay.started_on, reason }
  })
  await rejectStaged(client, fact, faults, faulty)
}

/** Sweeps stays in order: by patient and programme, then start, then partner. An empty stay overlaps nothing. */
export function overlapsIn(stays: readonly Stay[]): { stay: Stay; kept: Stay }[] {
  const overlapping: { stay: Stay; kept: Stay }[] = []
  let kept: Stay | undefined
  for (const stay of stays) {
    if (stay.ended_on <= stay.started_on) continue
    const sameProgramme = kept?.patient_key === stay.patient_key && kept.programme === stay.programme
    if (kept && sameProgramme && stay.started_on < kept.ended_on) overlapping.push({ stay, kept })
    else kept = stay
  }
  return overlapping
}
