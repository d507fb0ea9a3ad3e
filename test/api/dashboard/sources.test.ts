/** Deliveries and models as pages: files handed in by a form, a file for each practice, and an analyst's judgement of a model. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { STAGES, type Stage } from '../../../jobs/flow.ts'
import { importDelivery } from '../../../jobs/stages/import.ts'
import { startWorker, type Handler, type Handlers, type StartedWorker } from '../../../jobs/queue/worker.ts'
import { soundFiles } from '../../support/regions/dataset.ts'
import { browserOf } from '../../support/pages/reader-page.ts'
import { runningApp, type ReaderName, type RunningApp } from '../../support/services/running-app.ts'

let [asked, worker]: [RunningApp, StartedWorker] = [null!, null!]
let browse: ReturnType<typeof browserOf>
beforeAll(async () => {
  asked = await runningApp()
  browse = browserOf(asked)
  const handler = importDelivery(asked, { uploads: asked.uploads, pseudonymKey: undefined })
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
})

const handIn = (asker: ReaderName, files: Readonly<Record<string, string>>, headers: Record<string, string> = {}) =>
  asked.app.inject({
    method: 'POST',
    url: '/imports?delivered=2026-02-01',
    headers: {
      cookie: `winst_token=${asked.tokenOf(asker)}`,
      accept: 'text/html',
      'sec-fetch-site': 'same-origin',
      'content-type': 'multipart/form-data; boundary=edge',
      ...headers,
    },
    payload: `${Object.entries(files)
      .map(
        ([name, text]) =>
          `--edge\r\ncontent-disposition: form-data; name="files"; filename="${name}"\r\n\r\n${text}\r\n`,
      )
      .join('')}--edge--\r\n`,
  })

describe('a delivery', () => {
  test('is handed in by a form, leads to its job, and its faults to a file for each practice', async () => {
    const day = (i: number) => `a,hba1c,2025-03-${String((i % 28) + 1).padStart(2, '0')},${50 + i},mmol/mol\n`
    const rows = Array.from({ length: 28 }, (_, i) => day(i)).join('')
    const files = {
      ...soundFiles,
      'observations.csv': `${soundFiles['observations.csv']}${rows}a,hba1c,2025-02-30,55,mmol/mol\n`,
    }
    const form = await browse('analyst ann', '/imports')
    expect(form.body).toContain('enctype="multipart/form-data"')
    const sent = await handIn('analyst ann', files)
    expect([sent.statusCode, /<p lang="en">([^<]*)/.exec(sent.body)?.[1]]).toEqual([303, undefined])
    const job = sent.headers.location as string
    expect(job).toMatch(/^\/jobs\/[0-9a-f]{64}$/)
    const stream = await browse('analyst ann', `${job}/events`)
    expect(stream.body).toContain('event: end')
    const ended = await browse('analyst ann', job)
    const delivery = /href="(\/imports\/\d+)"/.exec(ended.body)?.[1] ?? ''
    const page = await browse('analyst ann', delivery)
    expect(page.body).toContain('Levering van 1 februari 2026')
    const practice = new RegExp(`href="(${delivery}/practices/[^"]+)"`).exec(page.body)?.[1] ?? ''
    const own = await browse('analyst ann', practice)
    expect(own.headers['content-type']).toContain('text/csv')
    expect(own.body).toContain('2025-02-30')
    expect((await browse('analyst ann', '/')).body).toContain('1 praktijk heeft regels te herstellen: 1')
  })

  test('of the region is told file by file, with its profile', async () => {
    const { items } = (await asked.ask('analyst ann', '/v1/deliveries')).json()
    const id = items.at(-1).delivery_id as number
    const page = await browse('analyst ann', `/imports/${id}?lang=en`)
    expect(page.body).toContain('patients.csv')
    expect(page.body).toContain(`href="/imports/${id}/rejects"`)
    const rejects = await browse('analyst ann', `/imports/${id}/rejects`)
    expect(rejects.headers['content-disposition']).toContain(`rejects-${id}.csv`)
    expect((await browse('analyst ann', `/imports/${id}/profile`)).body).toContain('Per maat')
    expect((await browse('analyst ann', '/imports/999')).statusCode).toBe(404)
    expect((await browse('analyst ann', '/imports/none')).statusCode).toBe(404)
  })

  test('is nobody else’s business, and a form of another site hands nothing in', async () => {
    for (const asker of ['insurer 7095', 'partner p01', 'researcher rob'] as const) {
      expect((await browse(asker, '/imports')).statusCode).toBe(403)
      expect((await handIn(asker, soundFiles)).statusCode).toBe(403)
    }
    const foreign = await handIn('analyst ann', soundFiles, {
      'sec-fetch-site': 'cross-site',
    })
    expect(foreign.statusCode).toBe(401)
    expect((await handIn('analyst ann', {})).statusCode).toBe(400)
  })
})

describe('a contract', () => {
  const yaml = `contract: zuid-2026
title: Zuid 2026
programme: dm2
period: {start: 2026-01-01, end: 2026-12-31}
reference: {start: 2022-01-01, end: 2025-12-31}
control: [p90]
outcomes:
  - {measure: hba1c, price_eur: 12.50, horizon_days: 365, window_days: 120, baseline_days: 450}
share: {gain: 0.5, loss: 0.1}
`

  test('is typed as YAML; what is wrong is told at its line, and nothing is kept', async () => {
    const wrong = yaml.replace('price_eur: 12.50', 'price_eur: free').replace('zuid-2026', 'zuid-fout')
    const refused = await browse('analyst ann', '/contracts', { yaml: wrong })
    expect(refused.statusCode).toBe(422)
    expect(refused.body).toContain('<strong>regel 8</strong>')
    expect(refused.body).toContain('contract: zuid-fout')
    expect((await browse('analyst ann', '/contracts/zuid-fout')).statusCode).toBe(404)
    const broken = await browse('analyst ann', '/contracts', { yaml: `${yaml}share: [` })
    expect(broken.body).toMatch(/<strong>regel 1\d<\/strong>/)
  })

  test('is kept, and told in words beside its lines, with what counts when', async () => {
    const kept = await browse('analyst ann', '/contracts', { yaml: yaml.replaceAll('\n', '\r\n') })
    expect([kept.statusCode, kept.headers.location]).toEqual([303, '/contracts/zuid-2026'])
    const page = await browse('insurer 7095', '/contracts/zuid-2026')
    expect(page.body).toContain('Van de winst gaat 50% naar de partner; van verlies draagt hij 10%.')
    expect(page.body).toContain('regel 9')
    expect(page.body).toContain('proefjaar 3')
    expect(page.body).not.toContain('id="run"')
    expect(page.body).not.toMatch(/ style="/)
    expect((await browse('analyst ann', '/contracts/zuid-2026?lang=en')).body).toContain('learned from (reference)')
  })

  test('is settled by a form that leads to the job, or says why not', async () => {
    const begun = await browse('analyst ann', '/contracts/noord/runs', { as_of: '2026-01-01' })
    expect(begun.headers.location).toMatch(/^\/jobs\/[0-9a-f]{64}$/)
    const early = await browse('analyst ann', '/contracts/noord/runs', { as_of: '2001-01-01' })
    expect([early.statusCode, early.body.includes('Dit is niet begonnen.')]).toEqual([422, true])
    for (const url of ['/contracts', '/contracts/noord/runs'])
      expect((await browse('insurer 7095', url, { yaml, as_of: '' })).statusCode).toBe(403)
  })
})

describe('a model', () => {
  const modelOf = async () => {
    const { items } = (await asked.ask('analyst ann', '/v1/models')).json()
    return items[0] as { model_id: string; state: string }
  }

  test('is told in words, with its checks and its chart', async () => {
    const { model_id: id } = await modelOf()
    expect((await browse('researcher rob', '/models')).body).toContain(`href="/models/${id}"`)
    const page = await browse('insurer 7095', `/models/${id}`)
    expect(page.body).toContain('Houdt de verwachting stand?')
    expect(page.body).toContain('Van de intervallen van 90% bevat')
    expect(page.body).not.toContain('id="decision"')
    expect(page.body).not.toMatch(/ style="/)
  })

  test('is judged by an analyst, with a reason; what is refused keeps what was typed', async () => {
    const { model_id: id } = await modelOf()
    const url = `/models/${id}/decisions`
    const empty = await browse('analyst bob', url, { state: 'payable', reason: '' })
    expect(empty.statusCode).toBe(400)
    expect(empty.body).toContain('Dit besluit is niet genomen.')
    const decided = await browse('analyst bob', url, { state: 'payable', reason: 'looked at it' })
    expect([decided.statusCode, decided.headers.location]).toEqual([303, `/models/${id}`])
    const page = await browse('analyst bob', `/models/${id}`)
    expect(page.body).toContain('looked at it')
    expect(page.body).toContain('Opnieuw goedkeuren')
    expect((await browse('insurer 7095', url, { state: 'retired', reason: 'x' })).statusCode).toBe(403)
  })
})
