/** Deliveries handed in over HTTP: in every kind of body, imported by a worker, and what was not taken downloaded again. */
import { execFileSync } from 'node:child_process'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { buffer } from 'node:stream/consumers'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { ZipFile } from 'yazl'
import { STAGES, type Stage } from '../../../jobs/flow.ts'
import { importDelivery } from '../../../jobs/stages/import.ts'
import { startWorker, type Handler, type Handlers, type StartedWorker } from '../../../jobs/queue/worker.ts'
import { dataset, removeDatasets, soundFiles, type Files } from '../../support/regions/dataset.ts'
import { runningApp, type ReaderName, type RunningApp } from '../../support/services/running-app.ts'
import { tokenFor } from '../../support/services/keys.ts'

let [asked, oost, worker]: [RunningApp, string, StartedWorker] = [null!, '', null!]
beforeAll(async () => {
  asked = await runningApp()
  await asked.store.db.insertInto('region').values({ name: 'oost' }).execute()
  oost = await tokenFor(asked.store, 'analyst', 'olga', 'oost')
  const handler = importDelivery(asked, { uploads: asked.uploads, pseudonymKey: 'k'.repeat(40) })
  const handlers = Object.fromEntries(STAGES.map((stage): [Stage, Handler] => [stage, handler])) as Handlers
  worker = await startWorker({
    backend: asked.app.queue,
    handlers,
    concurrency: 1,
    retries: { attempts: 1, backoffMs: 1 },
  })
})
afterAll(async () => {
  await worker.stop()
  await asked.close()
  await removeDatasets()
})

async function zipped(files: Files, folder = ''): Promise<Buffer> {
  const zip = new ZipFile()
  for (const [name, text] of Object.entries({ ...soundFiles, ...files }))
    if (text !== null) zip.addBuffer(Buffer.from(text), folder + name)
  zip.end()
  return await buffer(zip.outputStream)
}

function formOf(files: Readonly<Record<string, string>>): { type: string; body: Buffer } {
  const parts = Object.entries(files).map(
    ([name, text]) =>
      `--edge\r\ncontent-disposition: form-data; name="file"; filename="${name}"\r\ncontent-type: text/csv\r\n\r\n${text}\r\n`,
  )
  return { type: 'multipart/form-data; boundary=edge', body: Buffer.from(`${parts.join('')}--edge--\r\n`) }
}

const tarred = async (files: Files, more: string[] = []): Promise<Buffer> =>
  execFileSync('tar', ['-c', ...more, '-C', await dataset(files), '.'])

const upload = (type: string, payload: Buffer, query = '', token = oost, headers: Record<string, string> = {}) =>
  asked.app.inject({
    method: 'POST',
    url: `/v1/deliveries${query}`,
    headers: { authorization: `Bearer ${token}`, 'content-type': type, ...headers },
    payload,
  })
const get = (url: string, token = oost) => asked.app.inject({ url, headers: { authorization: `Bearer ${token}` } })

async function ended(url: string) {
  for (let looks = 0; looks < 400; looks++) {
    const job = (await get(url)).json()
    if (job.state !== 'waiting' && job.state !== 'running') return job
    await new Promise((resolve) => setTimeout(resolve, 25))
  }
  throw new Error('the job never ended')
}
const uploaded = async (type: string, payload: Buffer, query = '') => {
  const answer = await upload(type, payload, query)
  expect([answer.statusCode, answer.body]).toEqual([202, expect.any(String)])
  return await ended(answer.headers.location as string)
}

describe('a delivery', () => {
  test('as a zip archive is imported by a worker, once, and nothing of it is left', async () => {
    const body = await zipped({}, 'oost/')
    const job = await uploaded('application/zip', body)
    expect(job).toMatchObject({ kind: 'import', state: 'completed', requested_by: 'analyst:olga' })
    expect(job.result).toMatchObject({ imported: true, delivered_on: '2025-06-01' })
    expect(job.result.files).toContainEqual({ file: 'patients.csv', rows: 2, accepted: 2, rejected: 0, warnings: 0 })
    expect(await readdir(asked.uploads)).toEqual([job.job_id])
    expect(await readdir(join(asked.uploads, job.job_id as string))).toEqual(['out'])
    const again = await upload('application/zip', body)
    expect(again.json()).toMatchObject({ job_id: job.job_id, state: 'completed' })
  })

  test.each([
    ['a tar archive', 'application/x-tar', () => tarred({}, ['--format=ustar'])],
    [
      'a .tar.gz with long names',
      'application/gzip',
      () => tarred({ [`${'n'.repeat(110)}.txt`]: 'x' }, ['-z', '--format=gnu']),
    ],
    [
      'a tar archive of today',
      'application/x-tar',
      () => tarred({ [`${'m'.repeat(110)}.txt`]: 'x' }, ['--format=pax']),
    ],
  ])('as %s is the same delivery', async (_name, type, bodyOf) => {
    expect((await uploaded(type, await bodyOf())).result).toMatchObject({ imported: false, delivered_on: '2025-06-01' })
  })

  test('as a form with a file each, and under a day of its own', async () => {
    const { type, body } = formOf({ ...soundFiles, 'patients.csv': `${soundFiles['patients.csv']}c,1970,x,,,\n` })
    const job = await uploaded(type, body, '?delivered=2025-07-01')
    expect(job.result).toMatchObject({ imported: true, delivered_on: '2025-07-01' })
    const list = (await get('/v1/deliveries?limit=1')).json()
    expect(list.items).toEqual([
      expect.objectContaining({ delivery_id: job.result.delivery_id, delivered_on: '2025-07-01' }),
    ])
    const next = (await get(`/v1/deliveries?limit=1&cursor=${list.next}`)).json()
    expect(next).toMatchObject({ items: [{ delivered_on: '2025-06-01' }], next: null })
    expect((await get(`/v1/deliveries/${job.result.delivery_id}`)).json().files).toContainEqual({
      name: 'patients.csv',
      rows: 3,
      rejected: 0,
    })
  })

  test('of which rows are refused has them to download, whole and by practice', async () => {
    const wrong = `${soundFiles['observations.csv']}a,hba1c,2024-13-01,58,mmol/mol\n`
    const job = await uploaded(
      'application/zip',
      await zipped({ 'observations.csv': wrong }),
      '?max_rejects=0.5&delivered=2025-08-01',
    )
    const at = `/v1/deliveries/${job.result.delivery_id}`
    const rejects = await get(`${at}/rejects`)
    expect(rejects.headers['content-type']).toBe('text/csv; charset=utf-8')
    expect(rejects.body.split('\n')[1]).toContain('2024-13-01')
    expect((await get(`${at}/warnings`)).statusCode).toBe(200)
    const { items } = (await get(`${at}/practices`)).json()
    expect(items).toEqual([{ practice_id: 'p01', rejected: 1, kept: 0 }])
    expect((await get(`${at}/practices/p01?lang=en`)).body).toContain('rejected')
    expect((await get(`${at}/practices/p99`)).statusCode).toBe(404)
    for (const rest of ['', '/rejects', '/practices'])
      expect((await get(`${at}${rest}`, asked.tokenOf('analyst ann'))).statusCode).toBe(404)
  })

  test('with pseudonyms has none of the ids that were sent', async () => {
    await uploaded('application/zip', await zipped({}), '?pseudonymise=true&delivered=2025-09-01')
    const { rows } = await asked.store.pool.query<{ known: number }>(
      `select count(*)::int as known from patient p join region r using (region_id) where r.name = 'oost' and length(patient_id) = 64`,
    )
    expect(rows[0]!.known).toBe(2)
  })
})

const twice = '--edge\r\ncontent-disposition: form-data; name="f"; filename="a.csv"\r\n\r\nx\r\n'

describe('refused', () => {
  test.each<ReaderName>(['insurer 7095', 'partner p01', 'researcher rob'])(
    'to %s, and nothing is kept',
    async (asker) => {
      const before = await readdir(asked.uploads)
      const answer = await upload('application/zip', await zipped({}), '', asked.tokenOf(asker))
      expect([answer.statusCode, await readdir(asked.uploads)]).toEqual([403, before])
    },
  )

  test.each([
    ['a name that leads elsewhere', { '../../evil.csv': 'x' }, 'unreadable_file'],
    ['a missing file', { 'patients.csv': null }, 'missing_file'],
    ['citizen numbers', { 'patients.csv': 'patient_id,bsn,birth_year,sex\na,111222333,1950,m\n' }, 'citizen_numbers'],
  ])('by the job for %s, and its files are gone', async (_name, files, code) => {
    const named: Record<string, string | null> = files
    const zip = new ZipFile()
    for (const [name, text] of Object.entries({ ...soundFiles, ...named }))
      if (text !== null) zip.addBuffer(Buffer.from(text), name.replaceAll('../', 'UP/'))
    zip.end()
    // yazl writes no such name: it is put there afterwards, of the same length.
    const body = Buffer.from((await buffer(zip.outputStream)).toString('latin1').replaceAll('UP/', '../'), 'latin1')
    const job = await uploaded('application/zip', body, '?delivered=2025-10-01')
    expect(job).toMatchObject({ state: 'failed', refusal: { code } })
    expect(await readdir(join(asked.uploads, job.job_id as string))).not.toContain('archive')
  })

  test.each([
    ['nothing', 'application/zip', '', 400],
    ['a form without a file', 'multipart/form-data; boundary=edge', '--edge--\r\n', 400],
    ['a form with a file twice', 'multipart/form-data; boundary=edge', `${twice}${twice}--edge--\r\n`, 400],
    ['another kind of content', 'text/csv', 'a,b', 415],
  ])('at once: %s', async (_name, type, text, status) => {
    const before = (await readdir(asked.uploads)).length
    expect((await upload(type, Buffer.from(text))).statusCode).toBe(status)
    expect((await readdir(asked.uploads)).length).toBe(before)
  })

  test.each(['?delivered=2025-02-30', '?format=doc', '?max_rejects=2', '?region=noord'])(
    'at once: %s',
    async (query) => {
      expect((await upload('application/zip', await zipped({}), query)).statusCode).toBe(400)
    },
  )
})

test('under a key an upload is one job, and answered as it was', async () => {
  const body = await zipped({ 'patients.csv': `${soundFiles['patients.csv']}d,1971,x,,,\n` })
  const send = () => upload('application/zip', body, '?delivered=2025-11-01', oost, { 'idempotency-key': 'once' })
  const first = await send()
  const second = await send()
  expect(second.headers['idempotency-replayed']).toBe('true')
  expect(second.body).toBe(first.body)
  expect(await readFile(join(asked.uploads, first.json().job_id as string, 'archive')).catch(() => null)).toSatisfy(
    (kept: Buffer | null) => kept === null || kept.equals(body),
  )
  await ended(first.headers.location as string)
})

test.each([
  ['no boundary', 'multipart/form-data', 'a'],
  [
    'no end',
    'multipart/form-data; boundary=edge',
    '--edge\r\ncontent-disposition: form-data; name="f"; filename="a.csv"\r\n\r\na',
  ],
])('a form with %s is refused, not a fault of ours', async (_, type, text) => {
  expect((await upload(type, Buffer.from(text))).json()).toMatchObject({ status: 400, code: 'unreadable_body' })
})
