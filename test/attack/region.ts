/** The population in a real store: a region, a contract, and its settlements released one after the other. */
import { appendContract } from '../../data/region/contracts.ts'
import { readRun } from '../../data/runs/runs.ts'
import type { Store } from '../../data/postgres/database.ts'
import { contractOn } from '../support/regions/region-run.ts'
import { tokenFor } from '../support/services/keys.ts'
import { releasedByHand } from '../support/settlements/released.ts'
import { sha256 } from '../support/settlements/sha256.ts'
import { CONTROL, MEASURE, PARTNERS, SETTLEMENTS, type Person, type Seen } from './population.ts'

export interface LaidDown {
  readonly regionId: number
  readonly contract: string
  /** ids, the first released first */
  readonly settlements: readonly string[]
  /** the code of each partner */
  readonly codes: ReadonlyMap<string, string>
  /** of researchers */
  readonly tokens: readonly string[]
}

/** Lays the population down as a region of that name. */
export async function layDown(
  store: Store,
  name: string,
  persons: readonly Person[],
  { researchers, isBroken }: { readonly researchers: number; readonly isBroken: boolean },
): Promise<LaidDown> {
  const tokens: string[] = []
  for (let of = 0; of < researchers; of++) tokens.push(await tokenFor(store, 'researcher', `r${of}`, name))
  const regionId = (await one<{ id: number }>(store, 'select region_id as id from region where name = $1', [name])).id
  const whole = { ...contractOn(name, MEASURE), control: [CONTROL] }
  const contract = isBroken ? { ...whole, period: BROKEN } : whole
  const contractSha256 = sha256(name)
  await appendContract(store, regionId, { contractSha256, contract, yaml: '' })
  await layDownPersons(store, regionId, persons)
  const settlements: string[] = []
  for (let at = 0; at < SETTLEMENTS; at++) {
    const id = sha256(`${name} ${at}`)
    await layDownSettlement(store, { regionId, contractSha256, contract: name, id, at }, persons)
    await releasedByHand(store, id)
    settlements.push(id)
  }
  const codes = new Map<string, string>()
  for (const partner of PARTNERS)
    codes.set(
      (await one<{ code: string }>(store, 'select research_code($1, $2) as code', [regionId, partner])).code,
      partner,
    )
  return { regionId, contract: name, settlements, codes, tokens }
}

const BROKEN = { start: '2025-07-01', end: '2026-06-30' } as const

async function one<Row>(store: Store, sql: string, values: readonly unknown[]): Promise<Row> {
  const { rows } = await store.pool.query(sql, [...values])
  return rows[0] as Row
}

async function layDownPersons(store: Store, regionId: number, persons: readonly Person[]): Promise<void> {
  const delivery = await one<{ id: number }>(
    store,
    `insert into delivery (region_id, delivered_on, content_sha256) values ($1, '2026-01-01', $2) returning delivery_id as id`,
    [regionId, sha256(String(regionId))],
  )
  const source = await one<{ id: number }>(
    store,
    `insert into source_file (delivery_id, name, rows, rejected) values ($1, 'patients.csv', 0, 0) returning source_file_id as id`,
    [delivery.id],
  )
  const rows = persons.map(({ id, seen }) => {
    const { age, sex, postcode_area: area, condition } = seen.find((each) => each !== null)?.profile ?? NOBODY
    return { id, birth_year: 2025 - age, sex, postcode4: area === 'unknown' ? null : `${area}11`, condition }
  })
  const given = [regionId, delivery.id, source.id, JSON.stringify(rows)]
  await store.pool.query(
    `insert into patient (region_id, patient_id, shard) select $1, r.id, 0 from jsonb_to_recordset($2) r (id text)`,
    [given[0], given[3]],
  )
  await store.pool.query(
    `insert into patient_state (region_id, patient_key, birth_year, sex, postcode4, delivery_id, source_file_id, line)
     select $1, p.patient_key, r.birth_year, r.sex, r.postcode4, $2, $3, 1
       from jsonb_to_recordset($4) r (id text, birth_year int, sex text, postcode4 text) join patient p on p.region_id = $1 and p.patient_id = r.id`,
    given,
  )
  await store.pool.query(
    `insert into condition_episode (region_id, patient_key, code_system, code, onset_on, delivery_id, source_file_id, line)
     select $1, p.patient_key, 'ICPC-1', c.code, '2020-01-01', $2, $3, 1
       from jsonb_to_recordset($4) r (id text, condition text) join patient p on p.region_id = $1 and p.patient_id = r.id
       cross join lateral (select unnest(case r.condition when 'several' then array['K86', 'R95'] when 'none' then '{}' else array[right(r.condition, 1) || '86'] end)) c (code)`,
    given,
  )
}

const NOBODY = { age: 60, sex: 'f', postcode_area: '23', condition: 'none' } as const

async function layDownSettlement(
  store: Store,
  of: { regionId: number; contractSha256: string; contract: string; id: string; at: number },
  persons: readonly Person[],
): Promise<void> {
  const asOf = `2026-0${of.at + 1}-01`
  await store.pool.query(
    `insert into run (run_id, region_id, contract_sha256, as_of, dataset_sha256, engine_version) values ($1, $2, $3, $4, $1, '1')`,
    [of.id, of.regionId, of.contractSha256, asOf],
  )
  await store.pool.query(
    `insert into run_partner (run_id, partner_no, partner_id, kind) select $1, o - 1, p, 'gp_practice' from unnest($2::text[]) with ordinality u (p, o)`,
    [of.id, PARTNERS],
  )
  await store.pool.query('insert into measure_key (key) values ($1) on conflict do nothing', [MEASURE])
  const rows = persons.flatMap(({ id, seen }) => (seen[of.at] ? [rowOf(id, seen[of.at]!)] : []))
  const { runKey } = await readRun(store, of.id)
  const given = [runKey, MEASURE, of.regionId, JSON.stringify(rows)]
  const from = `from jsonb_to_recordset($4) r (id text, partner int, index_on date, birth_year int, sex text, measured boolean, value float8)
    join patient p on p.region_id = $3 and p.patient_id = r.id join measure_key k on k.key = $2`
  const key = `$1::int, k.measure_id, 0, p.patient_key`
  await store.pool.query(
    `insert into expectation (run_key, measure_id, years_before, patient_key, partner_no, practice_no, insurer_no, birth_year, sex, exposure_days,
       index_on, target_on, mean, sd, q05, q10, q25, q50, q75, q90, q95, expected_value)
     select ${key}, r.partner, r.partner, 0, r.birth_year, r.sex, 365, r.index_on, r.index_on + 365, 53, 1, 50, 50, 50, 53, 55, 55, 55, -53 ${from}`,
    given,
  )
  await store.pool.query(
    `insert into realisation (run_key, measure_id, years_before, patient_key, status, realised, realised_on, realised_value, gain, facts)
     select ${key}, case when r.measured then 'measured' else 'missing' end::assessment_status, case when r.measured then r.value end,
       case when r.measured then r.index_on + 360 end, case when r.measured then -r.value end, case when r.measured then 53 - r.value end, '{}' ${from}`,
    given,
  )
  await store.pool.query(
    `insert into gain (run_key, measure_id, years_before, patient_key, contribution)
     select ${key}, case when r.measured then 53 - r.value else 0 end ${from}`,
    given,
  )
  await store.pool.query(
    `insert into settlement (settlement_id, run_id, contract_id, region_id, as_of, document, prepared_by) values ($1, $1, $2, $3, $4, '{}', 'analyst:ann')`,
    [of.id, of.contract, of.regionId, asOf],
  )
}

const rowOf = (id: string, { profile, isMeasured, value }: Seen) => ({
  id,
  partner: PARTNERS.findIndex((partner) => partner === profile.partner),
  index_on: `${profile.year}-01-01`,
  birth_year: Number(profile.year) - profile.age,
  sex: profile.sex,
  measured: isMeasured,
  value,
})
