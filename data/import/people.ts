/** Checks across rows: partners refer to known partners, patients get their keys, enrolments do not overlap. */
import type { ClientBase } from 'pg'
import type { FactFile } from './rows/fact-files.ts'
import type { Faults } from './rows/faults.ts'
import type { ImportContext } from './rows/import-context.ts'
import { remove } from './reconcile.ts'
import { stagedName } from './stage.ts'

/** Rejects partners whose care group is unknown, repeatedly, until every remaining reference is valid.
 *  Afterwards `context.partners` holds every partner of the region. */
export async function resolvePartners(
  client: ClientBase,
  fact: FactFile,
  regionId: number,
  faults: Faults,
  context: ImportContext,
): Promise<void> {
  const everyone = `(select partner_id from ${stagedName(fact)} union select partner_id from partner where region_id = ${regionId})`
  for (;;) {
    const { rows } = await client.query<{ line: number; member_of: string; self: boolean }>(
      `select line, member_of, member_of = partner_id as self from ${stagedName(fact)}
       where member_of = partner_id or member_of not in ${everyone} order by line`,
    )
    if (rows.length === 0) break
    for (const { line, member_of, self } of rows)
      faults.add(line, 'member_of', member_of, self ? 'a partner is no member of itself' : 'unknown partner')
    await remove(client, fact, rows)
  }
  const { rows } = await client.query<{ partner_id: string }>(everyone.slice(1, -1))
  for (const { partner_id } of rows) context.partners.add(partner_id)
}

/** Gives every new patient a key, and the temporary table that key in place of the id.
 *  @returns the file as its table takes it; afterwards `context.patients` holds every patient of the region */
export async function resolvePatients(
  client: ClientBase,
  fact: FactFile,
  regionId: number,
  context: ImportContext,
): Promise<FactFile> {
  const staged = stagedName(fact)
  await client.query(
    `insert into patient (region_id, patient_id, shard)
     select $1, patient_id, shard from ${staged} order by line on conflict (region_id, patient_id) do nothing`,
    [regionId],
  )
  await context.patients.load(client, regionId)
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
  for (const { stay, kept } of overlapping) {
    const twoMain =
      stay.main_practitioner && kept.main_practitioner && stay.main_practitioner !== kept.main_practitioner
    if (twoMain) unitUsage.suspect(null, 'two_main_practitioners')
    faults.add(
      stay.line,
      'started_on',
      stay.started_on,
      `overlaps the enrolment in ${stay.programme} with ${kept.partner_id} from ${kept.started_on} (line ${kept.line})${
        twoMain ? `; two main practitioners on one day: ${kept.main_practitioner} and ${stay.main_practitioner}` : ''
      }`,
    )
  }
  await remove(
    client,
    fact,
    overlapping.map(({ stay }) => stay),
  )
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
