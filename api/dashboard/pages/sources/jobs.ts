/** Jobs: how far each is, in words, live where there is script; what it gave, and calling it off. */
import type { FastifyInstance } from 'fastify'
import type { Identity } from '../../../../data/access/keys.ts'
import { markup, type Html } from '../../../report/elements/html.ts'
import type { Format } from '../../../report/words/format.ts'
import { passOn, type AnswerOf } from '../../ask.ts'
import { CONFIG, defineForm, definePage, type Asked } from '../../define.ts'
import { formOf } from '../../elements/form.ts'
import { notice } from '../../elements/notice.ts'
import { tableOf, text } from '../../elements/table.ts'
import { sentenceOf } from '../../errors.ts'
import { jobWords } from '../../words/sources/jobs.ts'

export type Job = AnswerOf<'/v1/jobs/{job}', 'get'>

export async function jobs(app: FastifyInstance): Promise<void> {
  definePage(app, '/jobs', ['kind', 'cursor'], jobList)
  definePage(app, '/jobs/:job', [], async ({ ask, format, reader, params }) => {
    const words = jobWords[format.lang]
    const job = await ask.get('/v1/jobs/{job}', { path: params })
    return {
      title: words.kinds[job.kind],
      place: 'jobs',
      path: [{ title: words.title, href: '/jobs' }],
      islands: isOpen(job) ? ['job'] : [],
      body: jobBody(job, format, reader),
    }
  })
  app.get(
    '/jobs/:job/events',
    {
      config: CONFIG,
      handlerTimeout: 660_000,
      schema: { hide: true, params: { type: 'object', properties: { job: { type: 'string', maxLength: 200 } } } },
    },
    async (request, reply) => {
      const { job } = request.params as { readonly job: string }
      const lastId = request.headers['last-event-id']
      const answer = await passOn(request, reply, {
        url: `/v1/jobs/${encodeURIComponent(job)}/events`,
        headers: typeof lastId === 'string' ? { 'last-event-id': lastId } : {},
      })
      return reply
        .header('content-type', 'text/event-stream; charset=utf-8')
        .header('x-accel-buffering', 'no')
        .send(answer.stream())
    },
  )
  defineForm(app, '/jobs/:job/cancel', [], async ({ ask, params, key }) => {
    await ask.post('/v1/jobs/{job}/cancel', { path: params, key })
    return { to: `/jobs/${params.job}` }
  })
}

const isOpen = ({ state }: Job): boolean => state === 'waiting' || state === 'running'

async function jobList({ ask, format, query }: Asked<never, 'kind' | 'cursor'>) {
  const words = jobWords[format.lang]
  const kind = Object.keys(words.kinds).find((each): each is Job['kind'] => each === query.kind)
  const asked = { limit: 50, ...(kind ? { kind } : {}), ...(query.cursor ? { cursor: query.cursor } : {}) }
  const { items, next } = await ask.get('/v1/jobs', { query: asked })
  const unattended = items.some(({ workers }) => workers === 0)
  const onwards = new URLSearchParams({ ...(kind ? { kind } : {}), cursor: next ?? '' })
  return {
    title: kind ? words.kinds[kind] : words.title,
    place: 'jobs' as const,
    body: markup`<p>${words.lead}</p>
${unattended ? notice('warning', words.noWorker) : null}
${jobTable(items, format)}
<p>${kind ? markup`<a href="/jobs">${words.all}</a> ` : null}${next ? markup`<a href="/jobs?${onwards.toString()}">${words.older}</a>` : null}</p>`,
  }
}

function jobTable(items: readonly Job[], format: Format): Html {
  const words = jobWords[format.lang]
  return tableOf(
    {
      caption: words.caption,
      columns: [words.what, words.state, words.by, words.at].map(text),
      rows: items.map((job) => [
        markup`<a href="/jobs/${job.job_id}">${words.kinds[job.kind]}</a>`,
        job.progress && isOpen(job)
          ? `${words.states[job.state]} (${words.stages[job.progress.stage] ?? job.progress.stage})`
          : words.states[job.state],
        job.requested_by,
        momentOf(job.requested_at, format),
      ]),
      empty: words.empty,
    },
    format.lang,
  )
}

/** 31 december 2025, 14:05 UTC */
const momentOf = (moment: string, format: Format): string =>
  `${format.day(moment.slice(0, 10))}, ${moment.slice(11, 16)} UTC`

function jobBody(job: Job, format: Format, reader: Pick<Identity, 'role' | 'scope'>): Html {
  const words = jobWords[format.lang]
  const about = Object.entries(job.about).flatMap(([name, value]) =>
    name in words.about ? [markup`<dt>${words.about[name]}</dt><dd>${aboutText(name, value, format)}</dd>`] : [],
  )
  const mayAct = reader.role !== 'auditor' && reader.scope === 'act'
  const call = isOpen(job) && mayAct && !job.stopping
  return markup`<div data-job="/jobs/${job.job_id}/events" data-stages="${JSON.stringify(words.stages)}" data-parts="${words.parts('{stage}', '{done}', '{of}')}">
${isOpen(job) ? progressOf(job, format) : endOf(job, reader, format)}</div>
${isOpen(job) ? markup`<noscript><p><a href="">${words.refresh}</a></p></noscript>` : null}
${call ? formOf({ id: 'cancel', action: `/jobs/${job.job_id}/cancel`, fields: null, button: words.cancel }) : null}
<h2>${words.particulars}</h2>
<dl class="facts"><dt>${words.state}</dt><dd>${words.states[job.state]}</dd>
<dt>${words.by}</dt><dd>${job.requested_by}</dd><dt>${words.at}</dt><dd>${momentOf(job.requested_at, format)}</dd>${about}</dl>`
}

function aboutText(name: string, value: unknown, format: Format): Html | string {
  const words = jobWords[format.lang]
  const said = typeof value === 'string' ? value : ''
  if (name === 'delivered' && said === '') return words.latest
  if (name === 'contract_sha256') return markup`<a href="/contracts/${said}"><code>${said.slice(0, 12)}</code></a>`
  if (/^[0-9a-f]{64}$/.test(said)) return markup`<a href="/settlements/${said}"><code>${said.slice(0, 12)}</code></a>`
  return /^\d{4}-\d\d-\d\d$/.test(said) ? format.day(said) : said
}

function progressOf({ state, progress, workers, stopping }: Job, format: Format): Html {
  const words = jobWords[format.lang]
  const attended = workers !== 0
  const told =
    progress && state !== 'waiting'
      ? words.parts(
          words.stages[progress.stage] ?? progress.stage,
          format.count(progress.done),
          format.count(progress.of),
        )
      : words.waits
  return markup`<p class="lead" data-told aria-live="polite">${told}</p>
<progress data-bar max="${progress?.of ?? 1}" value="${progress?.done ?? 0}" aria-label="${words.what}"></progress>
<div data-unattended${attended ? markup` hidden` : null}>${notice('warning', state === 'waiting' ? words.noWorker : words.lostWorker)}</div>
<div data-stopping${stopping ? null : markup` hidden`}>${notice('warning', words.stopping)}</div>`
}

function endOf(job: Job, { role }: Pick<Identity, 'role'>, { lang }: Format): Html {
  const words = jobWords[lang]
  if (job.state === 'cancelled') return notice('warning', words.cancelled(job.cancelled_by ?? ''))
  if (job.state === 'forgotten') return notice('empty', words.forgotten)
  if (job.refusal) {
    const { code, detail } = job.refusal
    return notice(
      'fault',
      markup`<strong>${words.failed}</strong>
${code === 'job_failed' ? markup`<p>${words.jobFailed}</p>` : markup`<p>${sentenceOf({ code }, lang)}</p><p lang="en">${detail}</p>`}`,
    )
  }
  const known = job.kind === 'import' && (job.result as { imported?: boolean } | null)?.imported === false
  return notice(
    'good',
    markup`<strong>${words.done}</strong> ${known ? words.known : null}
<p><a href="${resultHref(job, role)}">${words.results[job.kind]}</a></p>`,
  )
}

/** Where what a job gave is shown. */
function resultHref({ job_id: id, kind, result, about }: Job, role: Identity['role']): string {
  if (kind === 'import') return `/imports/${(result as { delivery_id?: number } | null)?.delivery_id ?? ''}`
  if (kind === 'train') return '/models'
  if (kind === 'preview') return role === 'partner' || role === 'insurer' ? `/dispute-previews/${id}` : '/disputes'
  const settlement = kind === 'difference' ? about.to : result
  return typeof settlement === 'string' ? `/settlements/${settlement}` : '/settlements'
}
