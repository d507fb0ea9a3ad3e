/** A dispute before it is filed: what it would change, and then the filing. */
import type { FastifyInstance } from 'fastify'
import { markup, type Html } from '../../../report/elements/html.ts'
import { defineForm, definePage, type Asked } from '../../define.ts'
import { fieldOf, formOf } from '../../elements/form.ts'
import { notice } from '../../elements/notice.ts'
import { saidOf, toldProblem } from '../../errors.ts'
import type { View } from '../../frame.ts'
import { disputeWords } from '../../words/disputes.ts'
import { frameWords } from '../../words/frame.ts'
import { jobWords } from '../../words/sources/jobs.ts'
import { patientWords } from '../../words/patient.ts'
import { CONTENTION_FIELDS, contentionBody } from './contention.ts'
import { patientView } from './patient.ts'

export async function disputeFiling(app: FastifyInstance): Promise<void> {
  defineForm(
    app,
    '/settlements/:settlement/partners/:partner/patients/:patient/dispute',
    CONTENTION_FIELDS,
    async (sent) => {
      const { ask, params, fields, key, lang } = sent
      const { settlement, partner: partner_id, patient: patient_id } = params
      const again = async (why: Html, status: number): Promise<View> => {
        const view = await patientView({ ...sent, query: {} }, fields)
        return { ...view, status, body: markup`${why}${view.body}` }
      }
      const body = contentionBody(fields, { partner_id, patient_id })
      if (body === null) return await again(notice('fault', patientWords[lang].dispute.noNumber(fields.value)), 422)
      try {
        const path = { settlement }
        const preview = await ask.post('/v1/settlements/{settlement}/dispute-previews', { path, body, key })
        return { to: `/dispute-previews/${preview.preview_id}` }
      } catch (error) {
        const problem = toldProblem(error)
        return await again(saidOf(problem, lang), problem.status)
      }
    },
  )
  definePage(app, '/dispute-previews/:preview', [], previewView)
  defineForm(app, '/dispute-previews/:preview/file', ['evidence'], async (sent) => {
    const { ask, params, fields, key, lang } = sent
    try {
      const body = { evidence: fields.evidence }
      const filed = await ask.post('/v1/dispute-previews/{preview}/file', {
        path: { preview: params.preview },
        body,
        key,
      })
      return { to: `/disputes/${filed.dispute_id}` }
    } catch (error) {
      const problem = toldProblem(error)
      const view = await previewView({ ...sent, query: {} }, fields.evidence)
      return { ...view, status: problem.status, body: markup`${saidOf(problem, lang)}${view.body}` }
    }
  })
}

async function previewView({ ask, params, format }: Asked<'preview', never>, evidence = ''): Promise<View> {
  const words = disputeWords[format.lang].preview
  const { preview } = params
  const found = await ask.get('/v1/dispute-previews/{preview}', { path: { preview } })
  const { effect, insurer_effects: shares, others_moved: others, state } = found
  const head = {
    title: words.title,
    place: 'disputes' as const,
    path: [{ title: frameWords[format.lang].places.disputes, href: '/disputes' }],
  }
  if (state !== 'completed') {
    const isOver = state === 'failed' || state === 'cancelled'
    const job = isOver ? null : await ask.get('/v1/jobs/{job}', { path: { job: preview } })
    return {
      ...head,
      islands: isOver ? [] : ['again'],
      body: isOver
        ? notice('fault', words.failed)
        : markup`${notice('empty', words.waiting)}${job?.workers === 0 ? notice('warning', jobWords[format.lang].noWorker) : null}<p data-again="3"><a href="/dispute-previews/${preview}">${words.again}</a></p>`,
    }
  }
  const lines = [
    ...(effect ? [words.effect(format.cents(effect.before_cents), format.cents(effect.after_cents))] : []),
    ...shares.map((each) => words.share(format.cents(each.before_cents), format.cents(each.after_cents))),
  ]
  return {
    ...head,
    body: markup`${(lines.length > 0 ? lines : [words.none]).map((line) => markup`<p class="lead">${line}</p>`)}
<p>${others === 0 ? words.othersNone : words.others(format.count(others))}</p>
<div class="card">${formOf({
      id: 'file',
      action: `/dispute-previews/${preview}/file`,
      fields: fieldOf({ name: 'evidence', label: words.evidence, rows: 4, required: true, value: evidence }),
      button: words.file,
    })}</div>`,
  }
}
