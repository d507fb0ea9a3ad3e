/** Disputes about one settlement, as they concern the reader; an insurer begins one here, about a person it insures. */
import type { FastifyInstance } from 'fastify'
import { markup, type Html } from '../../../report/elements/html.ts'
import { defineForm, definePage, type Asked } from '../../define.ts'
import { fieldOf, formOf } from '../../elements/form.ts'
import { notice } from '../../elements/notice.ts'
import { sheetTable } from '../../elements/table.ts'
import { saidOf, toldProblem } from '../../errors.ts'
import type { View } from '../../frame.ts'
import { disputeWords } from '../../words/disputes.ts'
import { frameWords } from '../../words/frame.ts'
import { patientWords } from '../../words/patient.ts'
import { settlementWords } from '../../words/settlement.ts'
import { settledFor, settlementPath, type Settled } from '../settlement/settled.ts'
import { CONTENTION_FIELDS, contentionBody, contentionFields } from './contention.ts'
import { disputesSheet } from './disputes.ts'
import { deadlineText } from './partner.ts'

const FIELDS = ['partner', 'patient', ...CONTENTION_FIELDS] as const
type Typed = Readonly<Partial<Record<(typeof FIELDS)[number], string>>>

export async function settlementDisputes(app: FastifyInstance): Promise<void> {
  definePage(app, '/settlements/:settlement/disputes', [], (asked) => disputesView(asked, {}))
  defineForm(app, '/settlements/:settlement/disputes', FIELDS, async (sent) => {
    const { ask, params, fields, key, lang } = sent
    const again = async (why: Html, status: number): Promise<View> => {
      const view = await disputesView({ ...sent, query: {} }, fields)
      return { ...view, status, body: markup`${why}${view.body}` }
    }
    const about = { partner_id: fields.partner, patient_id: fields.patient.trim() }
    const body = contentionBody(fields, about)
    if (body === null) return await again(notice('fault', patientWords[lang].dispute.noNumber(fields.value)), 422)
    try {
      const path = { settlement: params.settlement }
      const preview = await ask.post('/v1/settlements/{settlement}/dispute-previews', { path, body, key })
      return { to: `/dispute-previews/${preview.preview_id}` }
    } catch (error) {
      const problem = toldProblem(error)
      return await again(saidOf(problem, lang), problem.status)
    }
  })
}

async function disputesView(asked: Asked<'settlement', never>, typed: Typed): Promise<View> {
  const { ask, params, reader, format } = asked
  const { settlement } = params
  const settled = await settledFor(asked, settlement)
  const all = await ask.all('/v1/settlements/{settlement}/disputes', { path: { settlement } })
  const words = disputeWords[format.lang]
  const { ofSettlement } = words
  return {
    title: ofSettlement.title,
    place: 'disputes',
    path: [
      { title: frameWords[format.lang].places.settlements, href: '/settlements' },
      { title: settlementWords[format.lang].title(settled.contract.title), href: settlementPath(settlement) },
    ],
    body: markup`${settled.life ? markup`<p>${deadlineText(settled.life, format)}</p>` : null}
${sheetTable(disputesSheet(all, format), format, {
  cell: (at, i, text) => (i === 0 ? markup`<a href="/disputes/${all[at]?.dispute_id ?? 0}">${text}</a>` : text),
  empty: ofSettlement.empty,
})}
${
  reader.role === 'insurer'
    ? await beginning(asked, settled, typed)
    : reader.role === 'partner'
      ? markup`<p><a href="${settlementPath(settlement, 'partners', reader.subject, 'patients')}">${ofSettlement.ofPatient}</a></p>`
      : null
}`,
  }
}

/** The form of an insurer, as long as a dispute may be filed. */
async function beginning(
  { ask, format }: Asked<'settlement', never>,
  { settlement, life, names }: Settled,
  typed: Typed,
): Promise<Html | null> {
  if (!life?.disputes || life.disputes.past) return null
  const words = disputeWords[format.lang].ofSettlement
  const partners = (await ask.all('/v1/partners', { query: { as_of: settlement.as_of } })).map(
    ({ partner_id: id, name }) => [id, name === '' ? id : `${name} (${id})`] as const,
  )
  const outcomes = settlement.outcomes.map(({ measure }) => [measure, names.titleOf(measure)] as const)
  return markup`<section class="card"><h2 id="begin">${words.begin}</h2><p>${words.about}</p>${formOf({
    id: 'dispute',
    action: settlementPath(settlement.settlement_id, 'disputes'),
    fields: [
      fieldOf({ name: 'partner', label: words.partner, options: partners, value: typed.partner ?? '' }),
      fieldOf({
        name: 'patient',
        label: words.patient,
        required: true,
        value: typed.patient ?? '',
        hint: words.patientHint,
      }),
      ...contentionFields({ kinds: Object.entries(words.kinds), measures: outcomes }, typed, format.lang),
    ],
    button: patientWords[format.lang].dispute.button,
  })}</section>`
}
