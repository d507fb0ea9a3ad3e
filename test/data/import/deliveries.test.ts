import { spawn } from 'node:child_process'
import { once } from 'node:events'
import type { Socket } from 'node:net'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, describe, expect, test } from 'vitest'
import type { Day } from '../../../engine/kernel/calendar.ts'
import { openStore } from '../../../data/postgres/database.ts'
import { importDataset } from '../../../data/import/import.ts'
import type { ImportOrder } from '../../../data/import/import.ts'
import { regionProgrammes } from '../../../data/region/region-programmes.ts'
import { dataset, removeDatasets, soundFiles } from '../../support/regions/dataset.ts'
import { liveStore } from '../../support/services/live.ts'

const store = await liveStore()
afterAll(async () => {
  await store.close()
  await removeDatasets()
})

const importing = (dir: string, region: string, order: Partial<ImportOrder> = {}) =>
  importDataset(store, { dir, region, rejectsPath: join(dir, 'out', 'rejects.csv'), ...order })

const lines = async (sql: string, ...params: unknown[]) =>
  (
    await store.pool.query<{ row: string }>(`select (${sql.replace(' from ', ') as row from ')} order by 1`, params)
  ).rows.map(({ row }) => row)

const valuesOf = (regionId: number, asOf: string) =>
  lines(
    `concat_ws(' ', patient_id, key, observed_on, value) from observation_known($1, $2)
     join patient using (patient_key) join measure_key using (measure_id)`,
    regionId,
    asOf,
  )

const everything = async () => {
  const { rows } = await store.pool.query<{ name: string }>(
    `select table_name as name from information_schema.tables where table_schema = 'public' and table_type = 'BASE TABLE'`,
  )
  const counts: Record<string, number> = {}
  for (const { name } of rows) counts[name] = (await store.pool.query(`select from ${name}`)).rowCount ?? 0
  return counts
}

describe('the same directory again', () => {
  test('changes nothing, and tells the same', async () => {
    const dir = await dataset({ 'observations.csv': `${soundFiles['observations.csv']}z,sbp,2024-01-01,140,\n` })
    const first = await importing(dir, 'again', { maxRejects: 0.5 })
    const rejects = await readFile(first.rejectsPath, 'utf8')
    const before = await everything()
    const second = await importing(dir, 'again', {
      maxRejects: 0.5,
      rejectsPath: join(dir, 'elsewhere', 'rejects.csv'),
    })
    expect(second).toMatchObject({ imported: false, deliveryId: first.deliveryId, deliveredOn: first.deliveredOn })
    expect(second.files.at(-1)).toEqual({
      file: 'observations.csv',
      rows: 4,
      accepted: 3,
      rejected: 1,
      unchanged: 3,
      warnings: 0,
    })
    expect(await readFile(second.rejectsPath, 'utf8')).toBe(rejects)
    expect(await everything()).toEqual(before)
  })

  test('said to be delivered later, it is a delivery that changes no fact', async () => {
    const dir = await dataset()
    const first = await importing(dir, 'later')
    const { files, deliveredOn } = await importing(dir, 'later', { delivered: '2026-01-01' })
    expect(deliveredOn).toBe('2026-01-01')
    expect(files.map(({ accepted, unchanged }) => accepted - unchanged)).toEqual([0, 0, 0, 0])
    expect(await valuesOf(first.regionId, '2025-12-31')).toEqual(await valuesOf(first.regionId, '2026-01-01'))
  })
})

describe('a newer delivery', () => {
  test('adds and corrects; what was known before stays reachable', async () => {
    const { regionId } = await importing(await dataset({}), 'two', { delivered: '2025-07-01' })
    const newer = await dataset({
      'partners.csv': 'partner_id,name,kind,member_of\np01,Praktijk Een,gp_practice,group\n',
      'patients.csv': 'patient_id,birth_year,sex,insurer\na,1951,m,7095\nc,1970,x,\n',
      'enrolments.csv':
        'patient_id,programme,partner_id,started_on,ended_on\na,dm2,p01,2023-01-01,2025-09-01\nc,dm2,p01,2025-01-01,\n',
      'observations.csv': [
        'patient_id,measure,observed_on,value',
        'a,hba1c,2024-01-10,58', // as it was
        'a,hba1c,2025-01-12,56', // corrected
        'a,hba1c,2025-08-01,51', // new
        'b,sbp,2024-03-01,140', // as it was, with a second reading of the day
        'b,sbp,2024-03-01,144',
        '',
      ].join('\n'),
    })
    const { files } = await importing(newer, 'two', { delivered: '2026-01-01' })
    expect(files.map(({ file, unchanged }) => [file, unchanged])).toEqual([
      ['partners.csv', 0],
      ['patients.csv', 0],
      ['enrolments.csv', 0],
      ['observations.csv', 1],
    ])
    const before = ['a hba1c 2024-01-10 58', 'a hba1c 2025-01-12 55', 'b sbp 2024-03-01 140']
    expect(await valuesOf(regionId, '2025-06-30')).toEqual([])
    expect(await valuesOf(regionId, '2025-07-01')).toEqual(before)
    expect(await valuesOf(regionId, '2025-12-31')).toEqual(before)
    expect(await valuesOf(regionId, '2026-01-01')).toEqual([
      'a hba1c 2024-01-10 58',
      'a hba1c 2025-01-12 56',
      'a hba1c 2025-08-01 51',
      'b sbp 2024-03-01 140',
      'b sbp 2024-03-01 144',
    ])
    const stays = (asOf: string) =>
      lines(
        `concat_ws(' ', patient_id, started_on, ended_on) from enrolment_known($1, $2) join patient using (patient_key)`,
        regionId,
        asOf,
      )
    expect(await stays('2025-07-01')).toEqual(['a 2023-01-01', 'b 2023-02-01 2025-06-01'])
    expect(await stays('2026-01-01')).toEqual(['a 2023-01-01 2025-09-01', 'b 2023-02-01 2025-06-01', 'c 2025-01-01'])
    const people = (asOf: string) =>
      lines(
        `concat_ws(' ', patient_id, birth_year) from patient_state_known($1, $2) join patient using (patient_key)`,
        regionId,
        asOf,
      )
    expect(await people('2025-07-01')).toEqual(['a 1950', 'b 1960'])
    expect(await people('2026-01-01')).toEqual(['a 1951', 'b 1960', 'c 1970'])
    expect(await lines(`name from partner_known($1, '2026-01-01')`, regionId)).toEqual(['De Groep', 'Praktijk Een'])
  })

  test('may correct twice, also on one day, and take a correction back', async () => {
    const delivering = async (value: number, delivered: string) => {
      const dir = await dataset({
        'observations.csv': `patient_id,measure,observed_on,value\na,sbp,2024-01-01,${value}\n`,
      })
      return importing(dir, 'thrice', { delivered })
    }
    const { regionId } = await delivering(140, '2025-07-01')
    await delivering(150, '2025-08-01')
    await delivering(160, '2025-08-01')
    await delivering(140, '2025-09-01')
    const at = async (asOf: string) => (await valuesOf(regionId, asOf)).map((row) => row.split(' ')[3])
    expect(await at('2025-07-31')).toEqual(['140'])
    expect(await at('2025-08-01')).toEqual(['160'])
    expect(await at('2025-09-01')).toEqual(['140'])
  })

  test('cannot be older than one already there: the past was settled on', async () => {
    await importing(await dataset(), 'older', { delivered: '2026-01-01' })
    const older = await dataset({ 'observations.csv': 'patient_id,measure,observed_on,value\na,sbp,2024-01-01,130\n' })
    await expect(importing(older, 'older', { delivered: '2025-12-31' })).rejects.toMatchObject({
      code: 'older_delivery',
    })
    await expect(importing(older, 'older', { delivered: '31-12-2026' })).rejects.toMatchObject({
      code: 'invalid_delivered',
    })
  })

  test('keeps the programmes that an earlier one defined, and their order of measures', async () => {
    const yaml = (unit: string) =>
      `programme: study\ntitle: {nl: s, en: s}\nmeasures:\n${['zz', 'a'].map((key) => `  ${key}: {title: {nl: s, en: s}, unit: "${unit}", better: higher, plausible: [0, 9]}\n`).join('')}`
    const first = await dataset({ 'programmes/study.yaml': yaml('1') })
    const { regionId } = await importing(first, 'defined', { delivered: '2025-07-01' })
    const rows = 'patient_id,measure,observed_on,value\na,zz,2024-01-01,5\n'
    await importing(await dataset({ 'observations.csv': rows }), 'defined', { delivered: '2025-08-01' })
    await importing(await dataset({ 'programmes/study.yaml': yaml('2') }), 'defined', { delivered: '2025-09-01' })
    const study = async (asOf: Day) =>
      (await regionProgrammes(store.pool, regionId, asOf)).get('study')?.measures.map(({ key, unit }) => [key, unit])
    expect(await study('2025-06-30')).toBeUndefined()
    expect(await study('2025-08-31')).toEqual([
      ['zz', '1'],
      ['a', '1'],
    ])
    expect(await study('2025-09-01')).toEqual([
      ['zz', '2'],
      ['a', '2'],
    ])
  })
})

test('regions never mix, whatever their ids', async () => {
  const [north, south] = [
    await importing(await dataset(), 'north'),
    await importing(
      await dataset({ 'observations.csv': 'patient_id,measure,observed_on,value\na,sbp,2024-01-01,111\n' }),
      'south',
    ),
  ]
  expect(await valuesOf(south.regionId, 'infinity')).toEqual(['a sbp 2024-01-01 111'])
  expect(await valuesOf(north.regionId, 'infinity')).toHaveLength(3)
  const other = await dataset({
    'patients.csv': 'patient_id,birth_year,sex\nq,1950,m\n',
    'enrolments.csv': 'patient_id,programme,partner_id,started_on\n',
  })
  await expect(importing(other, 'east')).rejects.toMatchObject({
    code: 'too_many_rejects',
    message: expect.stringContaining('unknown patient'),
  })
})

describe('citizen numbers', () => {
  // fabricated numbers that pass the 11-test
  const numbers = ['999990019', '999990044', '999990056', '999990068', '999990081', '123456782']
  const files = {
    'patients.csv': `patient_id,birth_year,sex\n${numbers.map((id) => `${id},1950,m\n`).join('')}`,
    'enrolments.csv': `patient_id,programme,partner_id,started_on\n${numbers.map((id) => `${id},dm2,p01,2023-01-01\n`).join('')}`,
    'observations.csv': `patient_id,measure,observed_on,value\n${numbers.map((id) => `${id},sbp,2024-01-01,140\n`).join('')}111222333,sbp,2024-01-01,140\n`,
  }

  test('as patient ids are refused, and named nowhere', async () => {
    const error = await importing(await dataset(files), 'citizens').then(String, (caught: Error) => caught)
    expect(error).toMatchObject({
      code: 'citizen_numbers',
      message: expect.stringMatching(/patients.csv, column patient_id.*--pseudonymise/),
    })
    expect(String(error)).not.toMatch(/\d{9}/)
  })

  test('in a column called bsn are refused', async () => {
    const dir = await dataset({ 'patients.csv': 'patient_id,BSN,birth_year,sex\na,1,1950,m\nb,2,1950,m\n' })
    await expect(importing(dir, 'column')).rejects.toMatchObject({ code: 'citizen_numbers' })
    await expect(importing(dir, 'column', { pseudonymKey: 'k' })).resolves.toMatchObject({
      unknownColumns: [{ file: 'patients.csv', column: 'bsn' }],
    })
  })

  test('ids of nine digits that pass as often as chance has it are taken', async () => {
    const ids = Array.from({ length: 110 }, (_, i) => String(300_000_000 + i))
    const dir = await dataset({
      'patients.csv': `patient_id,birth_year,sex\na,1950,m\nb,1950,m\n${ids.map((id) => `${id},1950,m\n`).join('')}`,
    })
    await expect(importing(dir, 'chance')).resolves.toMatchObject({ imported: true })
  })

  test('become pseudonyms under a key: the same ones every time, others under another key, the number itself nowhere', async () => {
    const dir = await dataset(files)
    const { regionId, rejectsPath } = await importing(dir, 'pseudonyms', { pseudonymKey: 'one', maxRejects: 1 })
    const ids = (id: number) => lines('patient_id from patient where region_id = $1', id)
    const pseudonyms = await ids(regionId)
    expect(pseudonyms).toHaveLength(numbers.length)
    for (const pseudonym of pseudonyms) expect(pseudonym).toMatch(/^[0-9a-f]{64}$/)
    expect(await valuesOf(regionId, 'infinity')).toHaveLength(numbers.length)
    expect(await readFile(rejectsPath, 'utf8')).toMatch(
      /^file.*\nobservations.csv,8,patient_id,[0-9a-f]{64},unknown patient,,,[^\n]+\n$/,
    )
    const again = await importing(dir, 'pseudonyms 2', { pseudonymKey: 'one', maxRejects: 1 })
    expect(await ids(again.regionId)).toEqual(pseudonyms)
    const other = await importing(dir, 'pseudonyms 3', { pseudonymKey: 'two', maxRejects: 1 })
    expect((await ids(other.regionId)).filter((id) => pseudonyms.includes(id))).toEqual([])
    await expect(importing(dir, 'keyless', { pseudonymKey: '' })).rejects.toMatchObject({ code: 'no_pseudonym_key' })
  })
})

/** The server has noticed that whoever was killed is gone. */
async function quiet(): Promise<void> {
  const busy = `select from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid() and state <> 'idle'`
  while (((await store.pool.query(busy)).rowCount ?? 0) > 0) await sleep(20)
}

test('an import that is killed leaves nothing, and can be done again', async () => {
  const rows = Array.from({ length: 200_000 }, (_, i) => `a,sbp,20${10 + (i % 15)}-01-01,${100 + i / 2000}\n`)
  const dir = await dataset({ 'observations.csv': `patient_id,measure,observed_on,value\n${rows.join('')}` })
  const before = await everything()
  const script = join(import.meta.dirname, '../../support/processes/import-in-child.ts')
  const child = spawn(process.execPath, ['--import', 'tsx', script, store.url, dir, 'killed'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  await once(child.stdout, 'data') // the import is in the middle of its largest file
  child.kill('SIGKILL')
  await once(child, 'exit')
  await quiet()
  expect(await everything()).toEqual(before)
  const { files } = await importing(dir, 'killed')
  expect(files.at(-1)).toMatchObject({ rows: rows.length, rejected: 0 })
})

describe('a connection that is lost, as the kernel closes it when the process is killed', () => {
  /** Imports up to the statement that begins so, which is never sent. */
  async function lostBefore(statement: string, dir: string, region: string): Promise<void> {
    const dying = await openStore({ databaseUrl: store.url, home: '', connections: 1 })
    let lost = false
    dying.pool.once('acquire', (client) => {
      const send = client.query.bind(client) as (...args: unknown[]) => unknown
      const losing = (...args: unknown[]) => {
        const [query] = args
        const text = typeof query === 'string' ? query : String((query as { text?: unknown }).text)
        if (text.trim().startsWith(statement)) {
          lost = true
          // the socket below a client is not among its types
          ;(client as unknown as { connection: { stream: Socket } }).connection.stream.destroy()
        }
        return send(...args)
      }
      client.query = losing as typeof client.query
    })
    const order = { dir, region, rejectsPath: join(dir, 'out', 'rejects.csv') }
    await expect(importDataset(dying, order), statement).rejects.toThrow()
    expect(lost, statement).toBe(true)
    await dying.close()
    await quiet()
  }

  const within = [
    'insert into region',
    'create temporary table staged_partner',
    'insert into partner',
    'insert into patient (',
    'insert into patient_state',
    'insert into enrolment',
    'create temporary table staged_observation',
    'insert into observation',
    'insert into delivery (',
    'insert into source_file',
    'insert into delivery_rejects',
    'commit',
  ]

  test.each(within)('before "%s": nothing is kept', async (statement) => {
    const dir = await dataset()
    await importing(dir, 'alive') // so that the measures have their keys
    const before = await everything()
    await lostBefore(statement, dir, `lost-before-${statement.replaceAll(/\W+/g, '-')}`)
    expect(await everything()).toEqual(before)
  })

  test('after the commit: all is kept, and importing again changes nothing', async () => {
    const dir = await dataset()
    await lostBefore('analyze partner, ', dir, 'lost after')
    expect((await importing(dir, 'lost after')).imported).toBe(false)
  })
})
