/** Files as regions really send them, each a small dataset with the facts, the rejects and the warnings that are right (intake-cases.yaml). */
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parse } from 'csv-parse/sync'
import { afterAll, describe, expect, test } from 'vitest'
import { importDataset } from '../../../data/import/import.ts'
import { importConverted } from '../../../data/interchange/convert.ts'
import type { Format } from '../../../data/interchange/convert.ts'
import { yamlDocument } from '../../../data/yaml/yaml-document.ts'
import { liveStore } from '../../support/services/live.ts'

type FactTable = 'partners' | 'patients' | 'enrolments' | 'observations' | 'conditions' | 'claims'

interface IntakeCase {
  readonly format?: 'csv' | Format
  readonly delivered?: string
  /** files over those of 00-base; of another format, all there are */
  readonly files?: Readonly<Record<string, string>>
  /** a pattern of the refusal; then nothing is kept */
  readonly refused?: string
  readonly delivered_on?: string
  /** every row of a table, in order of the text */
  readonly facts?: Partial<Record<FactTable, readonly string[]>>
  readonly counts?: Partial<Record<FactTable, number>>
  /** rows of rejects.csv and warnings.csv, each "file:line column value" and a pattern of the reason */
  readonly rejects?: readonly string[]
  readonly warnings?: readonly string[]
  /** patterns that some fate, note or unmapped code of the conversion matches */
  readonly conversion?: readonly string[]
  /** of the result: people and practices that the delivery lost */
  readonly lost?: { readonly patients: number; readonly practices: number }
}

const here = fileURLToPath(new URL('.', import.meta.url))
const cases = yamlDocument(await readFile(join(here, 'intake-cases.yaml'), 'utf8'), 'intake-cases.yaml') as Readonly<
  Record<string, IntakeCase>
>
const place = await mkdtemp(join(tmpdir(), 'winst-intake-'))
const store = await liveStore()
afterAll(async () => {
  await store.close()
  await rm(place, { recursive: true, force: true })
})

const queries: Readonly<Record<FactTable, string>> = {
  partners: `select concat_ws(' ', partner_id, kind, coalesce(agb, '-'), coalesce(member_of, '-')) as row from partner where region_id = $1`,
  patients: `select concat_ws(' ', patient_id, coalesce(birth_year::text, '-'), sex, coalesce(postcode4, '-'), coalesce(insurer, '-'), coalesce(died_on::text, '-')) as row
    from patient_state join patient using (region_id, patient_key) where region_id = $1`,
  enrolments: `select concat_ws(' ', patient_id, programme, partner_id, started_on, coalesce(ended_on::text, '-'), coalesce(end_reason, '-'), coalesce(main_practitioner, '-')) as row
    from enrolment join patient using (region_id, patient_key) where region_id = $1`,
  observations: `select concat_ws(' ', patient_id, key, observed_on, round(value::numeric, 3)::float8, coalesce(partner_id, '-')) as row
    from observation join patient using (region_id, patient_key) join measure_key using (measure_id) where region_id = $1`,
  conditions: `select concat_ws(' ', patient_id, code_system, code, onset_on, coalesce(resolved_on::text, '-')) as row
    from condition_episode join patient using (region_id, patient_key) where region_id = $1`,
  claims: `select concat_ws(' ', claim_id, patient_id, quantity, amount_cents) as row
    from claim join patient using (region_id, patient_key) where region_id = $1`,
}

const factsOf = async (regionId: number, table: FactTable): Promise<string[]> =>
  (await store.pool.query<{ row: string }>(queries[table], [regionId])).rows.map(({ row }) => row).sort()

/** Rows of rejects.csv or warnings.csv in short; none where there is no such file. */
async function issuesIn(file: string): Promise<string[]> {
  const text = await readFile(file, 'utf8').catch(() => '')
  const rows: Record<string, string>[] = text === '' ? [] : parse(text, { columns: true })
  return rows.map(({ file: name, line, column, value, reason, advice }) => {
    expect(advice, `advice for "${reason}"`).toMatch(/\w/)
    return `${name}:${line} ${column} ${value} | ${reason}`
  })
}

function expectIssues(found: readonly string[], wanted: readonly string[], what: string): void {
  expect(found, `${what}: ${JSON.stringify(found, null, 1)}`).toHaveLength(wanted.length)
  for (const each of wanted) {
    const [where = '', pattern = ''] = each.split(' | ')
    const matches = found.some((row) => row.startsWith(`${where} |`) && new RegExp(pattern).test(row))
    expect(matches, `${what}: "${each}" among ${JSON.stringify(found, null, 1)}`).toBe(true)
  }
}

async function importCase(name: string, { format = 'csv', delivered, files }: IntakeCase) {
  const dir = join(place, name)
  if (files === undefined || format === 'csv')
    await cp(join(here, 'cases', files === undefined ? name : '00-base'), dir, { recursive: true })
  await mkdir(dir, { recursive: true })
  for (const [file, content] of Object.entries(files ?? {})) await writeFile(join(dir, file), content)
  await rm(join(dir, 'README'), { force: true })
  const out = join(place, `${name}.out`)
  const order = { dir, region: name, delivered, maxRejects: 1, rejectsPath: join(out, 'rejects.csv') }
  const result =
    format === 'csv'
      ? { ...(await importDataset(store, order)), conversion: null }
      : await importConverted(store, format, order)
  return { ...result, out }
}

describe.each(Object.entries(cases))('%s', (name, wanted) => {
  if (wanted.refused !== undefined) {
    test('is refused, and nothing of it is kept', async () => {
      const refusal = await importCase(name, wanted).catch((error: unknown) => error)
      expect(refusal).toMatchObject({ name: 'Refusal', message: expect.stringMatching(wanted.refused ?? '') })
      const { rowCount } = await store.pool.query('select from region where name = $1', [name])
      expect(rowCount).toBe(0)
    })
    return
  }
  test('gives the right facts, rejects and warnings', async () => {
    const result = await importCase(name, wanted)
    if (wanted.delivered_on !== undefined) expect(result.deliveredOn).toBe(wanted.delivered_on)
    for (const [table, rows] of Object.entries(wanted.facts ?? {}))
      expect(await factsOf(result.regionId, table as FactTable), table).toEqual([...rows].sort())
    for (const [table, count] of Object.entries(wanted.counts ?? {}))
      expect(await factsOf(result.regionId, table as FactTable), table).toHaveLength(count)
    if (wanted.rejects) expectIssues(await issuesIn(join(result.out, 'rejects.csv')), wanted.rejects, 'rejects.csv')
    if (wanted.warnings) expectIssues(await issuesIn(join(result.out, 'warnings.csv')), wanted.warnings, 'warnings.csv')
    if (wanted.lost) expect(result).toMatchObject({ lost: wanted.lost })
    const { read = [], notes = {}, unmapped = [] } = result.conversion ?? {}
    const account = [
      ...read.flatMap(({ of, fates }) => Object.entries(fates).map(([fate, times]) => `${of}: ${fate}: ${times}`)),
      ...Object.entries(notes).map(([note, times]) => `${note}: ${times}`),
      ...unmapped.map(({ what, system, code, count }) => `${what} ${system} ${code}: ${count}`),
    ]
    for (const pattern of wanted.conversion ?? [])
      expect(
        account.some((line) => new RegExp(pattern).test(line)),
        `"${pattern}" in ${account.join('\n')}`,
      ).toBe(true)
  })
})
