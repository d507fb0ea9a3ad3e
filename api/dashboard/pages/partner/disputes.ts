/** Disputes that concern the reader, and the ruling of whoever decides. */
import type { FastifyInstance } from 'fastify'
import type { Reader } from '../../../../data/access/keys.ts'
import { markup, type Html } from '../../../report/elements/html.ts'
import type { Format } from '../../../report/words/format.ts'
import type { AnswerOf, Ask } from '../../ask.ts'
import { defineFile, defineForm, definePage, type Asked } from '../../define.ts'
import { fieldOf, formOf } from '../../elements/form.ts'
import { sheetTable } from '../../elements/table.ts'
import { column, type Sheet, type Values } from '../../files/sheet.ts'
import { saidOf, toldProblem } from '../../errors.ts'
import { tableFile } from '../../files/table-file.ts'
import type { View } from '../../frame.ts'
import { disputeWords } from '../../words/disputes.ts'
import { frameWords } from '../../words/frame.ts'
import { settlementPath } from '../settlement/settled.ts'

type Dispute = AnswerOf<'/v1/disputes', 'get'>['items'][number]

export async function disputes(app: FastifyInstance): Promise<void> {
  definePage(app, '/disputes', [], async ({ ask, format }) => {
    const words = disputeWords[format.lang]
    const all = await disputesFor(ask)
    return {
      title: words.title,
      place: 'disputes',
      body: markup`<p>${words.about}</p>${sheetTable(disputesSheet(all, format), format, {
        cell: (at, i, text) => (i === 0 ? markup`<a href="/disputes/${all[at]?.dispute_id ?? 0}">${text}</a>` : text),
        empty: words.empty,
        files: { csv: '/disputes/tables/csv', xlsx: '/disputes/tables/xlsx' },
      })}`,
    }
  })
  defineFile(app, '/disputes/tables/:kind', [], async ({ ask, format, params }) =>
    tableFile(disputesSheet(await disputesFor(ask), format), {
      kind: params.kind,
      name: 'disputes',
      lang: format.lang,
    }),
  )
  definePage(app, '/disputes/:dispute', [], (asked) => disputeView(asked))
  defineForm(app, '/disputes/:dispute/ruling', ['verdict', 'reason'], async (sent) => {
    const { ask, params, fields, key, lang } = sent
    const { reason } = fields
    const verdict = fields.verdict === 'upheld' ? ('upheld' as const) : ('dismissed' as const)
    try {
      const path = { dispute: Number(params.dispute) }
      await ask.post('/v1/disputes/{dispute}/ruling', { path, body: { verdict, reason }, key })
      return { to: `/disputes/${params.dispute}` }
    } catch (error) {
      const problem = toldProblem(error)
      const view = await disputeView({ ...sent, query: {} }, { verdict, reason })
      return { ...view, status: problem.status, body: markup`${saidOf(problem, lang)}${view.body}` }
    }
  })
}

const disputesFor = async (ask: Ask): Promise<Dispute[]> => (await ask.all('/v1/disputes', {})).reverse()

export function disputesSheet(all: readonly Dispute[], format: Format): Sheet {
  const words = disputeWords[format.lang]
  return {
    caption: words.caption,
    columns: [
      column(words.number),
      column(words.partner),
      column(words.patient),
      column(words.what),
      column(words.filed, 'day'),
      column(words.before, 'cents'),
      column(words.after, 'cents'),
      column(words.ruling),
    ],
    rows: all.map((dispute): Values => [
      String(dispute.dispute_id),
      dispute.partner_id,
      dispute.patient_id,
      whatOf(dispute, format),
      dispute.filed_on,
      dispute.effect?.before_cents ?? null,
      dispute.effect?.after_cents ?? null,
      dispute.ruling ? (words.verdicts[dispute.ruling.verdict] ?? dispute.ruling.verdict) : words.open,
    ]),
  }
}

function whatOf({ kind, measure, observed_on: day, value }: Dispute, format: Format): string {
  const words = disputeWords[format.lang]
  const said = words.kinds[kind] ?? kind
  if (measure === null || day === null) return said
  return `${said}; ${words.reading(measure, format.day(day), value === null ? words.noReading : format.number(value, 2))}`
}

/** What was typed about a dispute, where it was sent back. */
interface Ruled {
  readonly verdict: string
  readonly reason: string
}

async function disputeView(
  { ask, params, reader, format }: Asked<'dispute', never>,
  typed: Ruled = { verdict: '', reason: '' },
): Promise<View> {
  const words = disputeWords[format.lang]
  const { detail } = words
  const dispute = (await disputesFor(ask)).find(({ dispute_id }) => String(dispute_id) === params.dispute)
  const head = {
    title: detail.title(params.dispute),
    place: 'disputes' as const,
    path: [{ title: frameWords[format.lang].places.disputes, href: '/disputes' }],
  }
  if (!dispute) return { ...head, status: 404, body: markup`<p>${words.empty}</p>` }
  const { effect, insurer_effects: effects, others_moved: others, deciders, ruling, corrected_by: corrected } = dispute
  const named = (insurer: string): string => (insurer === 'unknown' ? detail.unknown : insurer)
  return {
    ...head,
    body: markup`<dl class="facts">
<dt>${words.what}</dt><dd>${whatOf(dispute, format)}</dd>
<dt>${words.partner}</dt><dd>${dispute.partner_id}</dd>
<dt>${words.patient}</dt><dd>${patientLink(dispute, reader)}</dd>
<dt>${words.filed}</dt><dd>${format.day(dispute.filed_on)}, ${dispute.filed_by} (${words.deadline} ${format.day(dispute.deadline_on)})</dd>
<dt>${detail.evidence}</dt><dd>${dispute.evidence}</dd>
${effect ? markup`<dt>${words.before} → ${words.after}</dt><dd>${format.cents(effect.before_cents)} → ${format.cents(effect.after_cents)}</dd>` : null}
<dt>${detail.others(format.count(others))}</dt><dd></dd>
<dt>${detail.deciders}</dt><dd>${deciders.map(named).join(', ')}. ${detail.until}</dd>
${ruling ? markup`<dt>${words.ruling}</dt><dd>${words.verdicts[ruling.verdict] ?? ruling.verdict}, ${format.day(ruling.on)}: ${ruling.reason}</dd>` : null}
</dl>
<p><a href="${settlementPath(dispute.settlement_id)}">${detail.settlement}</a>${corrected ? markup` · <a href="${settlementPath(corrected)}">${words.corrected}</a>` : null}</p>
${effects.length > 0 ? markup`<h2>${detail.effects}</h2>${sheetTable(effectsSheet(dispute, named, format), format)}` : null}
${mayRule(reader, dispute) ? rulingForm(dispute, typed, format) : null}`,
  }
}

const patientLink = ({ settlement_id, partner_id, patient_id }: Dispute, { role }: Reader): Html | string =>
  role === 'insurer'
    ? patient_id
    : markup`<a href="${settlementPath(settlement_id, 'partners', partner_id, 'patients', patient_id)}">${patient_id}</a>`

function effectsSheet(
  { insurer_effects: effects }: Dispute,
  named: (insurer: string) => string,
  format: Format,
): Sheet {
  const words = disputeWords[format.lang]
  return {
    caption: words.detail.caption,
    columns: [column(words.detail.insurer), column(words.before, 'cents'), column(words.after, 'cents')],
    rows: effects.map(({ insurer, before_cents, after_cents }) => [named(insurer), before_cents, after_cents]),
  }
}

/** Whoever decides, and has not yet. */
function mayRule({ role, subject }: Reader, { deciders, verdicts, ruling }: Dispute): boolean {
  const as = role === 'insurer' ? subject : role === 'analyst' ? 'unknown' : null
  return ruling === null && as !== null && deciders.includes(as) && !verdicts.some(({ insurer }) => insurer === as)
}

function rulingForm({ dispute_id: id }: Dispute, { verdict, reason }: Ruled, format: Format): Html {
  const words = disputeWords[format.lang]
  return markup`<section class="card"><h2>${words.detail.rule}</h2>${formOf({
    id: 'ruling',
    action: `/disputes/${id}/ruling`,
    fields: [
      fieldOf({
        name: 'verdict',
        label: words.detail.verdict,
        options: Object.entries(words.verdicts).reverse(),
        value: verdict,
      }),
      fieldOf({ name: 'reason', label: words.detail.reason, rows: 4, required: true, value: reason }),
    ],
    button: words.detail.give,
  })}</section>`
}
