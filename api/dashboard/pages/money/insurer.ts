/** The first page of an insurer: what it pays, how it checks that, agrees or objects, and a draft of the payment. */
import type { FastifyInstance } from 'fastify'
import { Refusal } from '../../../../engine/kernel/refusal.ts'
import { markup, type Html } from '../../../report/elements/html.ts'
import type { Format } from '../../../report/words/format.ts'
import { ApiProblem, type AnswerOf, type Ask } from '../../ask.ts'
import { defineFile, type Asked } from '../../define.ts'
import { askedOf, type AskedLine } from '../../elements/asked.ts'
import { notice } from '../../elements/notice.ts'
import { signatory } from '../../elements/signatory.ts'
import { sheetTable } from '../../elements/table.ts'
import { pain001 } from '../../files/pain001.ts'
import type { View } from '../../frame.ts'
import { frameWords } from '../../words/frame.ts'
import { insurerWords } from '../../words/money/insurer.ts'
import { filesOf, settlementPath } from '../settlement/settled.ts'
import { shareSheet } from '../settlement/sheets.ts'

type Settlement = AnswerOf<'/v1/settlements/{settlement}', 'get'>
type Life = AnswerOf<'/v1/settlements/{settlement}/life', 'get'>
type Names = ReadonlyMap<string, string>

/** What an insurer has to do with a settlement. */
interface Concern {
  readonly settlement: Settlement
  readonly life: Life
  readonly share: Life['shares'][number] | undefined
}

export async function todayOfInsurer({ ask, reader, format }: Asked<never, never>): Promise<View> {
  const words = insurerWords[format.lang]
  const [concerns, names, disputes] = await Promise.all([
    concernsOf(ask, reader.subject),
    partnerNames(ask),
    ask.all('/v1/disputes', { query: { state: 'open' } }),
  ])
  const toRule = disputes.filter(
    ({ deciders, verdicts }) =>
      deciders.includes(reader.subject) && !verdicts.some(({ insurer }) => insurer === reader.subject),
  )
  const ruling =
    toRule.length > 0 ? [{ what: words.disputes(toRule.length), href: '/disputes', about: words.disputesWhy }] : []
  const body = concerns.map((concern) => concernOf(concern, names, format))
  return {
    title: words.title,
    place: 'today',
    body: markup`${body}
${ruling.length > 0 ? markup`<h2>${words.asked}</h2>${askedOf(ruling)}` : null}
${body.length === 0 ? notice('empty', markup`<strong>${words.nothing}</strong><p>${words.next}</p>`) : null}
<ul class="plain"><li><a href="/ledger">${words.ledger}</a></li><li><a href="/settlements">${words.earlier}</a></li></ul>`,
  }
}

/** Of each contract and year the settlement that stands. */
async function concernsOf(ask: Ask, insurer: string): Promise<Concern[]> {
  const settlements = await ask.all('/v1/settlements', {})
  const seen = new Set<string>()
  const current = settlements.filter(({ contract, period_start: start, state }) => {
    const year = `${contract} ${start}`
    return state !== 'rejected' && !seen.has(year) && seen.add(year)
  })
  return await Promise.all(current.map(({ settlement_id: id }) => concernIn(ask, id, insurer)))
}

async function concernIn(ask: Ask, settlementId: string, insurer: string): Promise<Concern> {
  const path = { settlement: settlementId }
  const [settlement, life] = await Promise.all([
    ask.get('/v1/settlements/{settlement}', { path }),
    ask.get('/v1/settlements/{settlement}/life', { path }),
  ])
  return { settlement, life, share: life.shares.find((each) => each.insurer === insurer) }
}

async function partnerNames(ask: Ask): Promise<Names> {
  const partners = await ask.all('/v1/partners', {}).catch(nothingDelivered)
  return new Map(partners.map(({ partner_id: id, name }) => [id, name]))
}

function nothingDelivered(error: unknown): [] {
  if (error instanceof ApiProblem && error.problem.code === 'nothing_delivered') return []
  throw error
}

function concernOf(concern: Concern, names: Names, format: Format): Html {
  const { settlement, life, share } = concern
  const words = insurerWords[format.lang]
  const lines = linesOf(concern, format)
  return markup`<h2><a href="/settlements/${settlement.settlement_id}">${words.of(settlement.contract, format.day(settlement.as_of))}</a></h2>
<p class="lead">${sentenceOf(concern, format)}</p>
${lines.length > 0 ? markup`<h3>${words.asked}</h3>${askedOf(lines)}` : null}
${lines.length > 0 ? markup`<details><summary>${words.command}</summary><pre>winst verify ${settlement.settlement_id.slice(0, 12)}-${share?.insurer ?? ''}.bundle</pre></details>` : null}
<h3>${words.verdict}</h3>
<p>${words.state(frameWords[format.lang].states[life.state] ?? life.state)} ${
    share?.approved
      ? words.approved(
          signatory(share.approved.by, format.lang),
          format.day(share.approved.on.slice(0, 10)),
          frameWords[format.lang].status[share.approved.finality] ?? share.approved.finality,
        )
      : words.notApproved
  } ${words.noVerdict}</p>
<h3>${words.partners}</h3>
${partnerTable(concern, names, format)}
<h3>${words.file}</h3>
${fileSection(concern, names, format)}`
}

function sentenceOf({ life, share }: Concern, format: Format): string {
  const words = insurerWords[format.lang]
  const due = share?.due_cents ?? 0
  if (share?.paid)
    return words.paid(format.cents(due === 0 ? share.owed_cents : due), format.day(share.paid.on.slice(0, 10)))
  if (due < 0) return words.back(format.cents(-due))
  if (due === 0) return words.even
  const amount = format.cents(due)
  const until = life.disputes?.until ?? null
  if (life.state === 'prepared') return words.waits(amount)
  if (!share?.approved) return words.paySoon(amount)
  return until ? words.pay(amount, format.day(until)) : words.payPlain(amount)
}

function linesOf({ settlement, life, share }: Concern, format: Format): AskedLine[] {
  const words = insurerWords[format.lang]
  const id = settlement.settlement_id
  const until = life.disputes?.until ?? null
  const check = { what: words.check, href: `/v1/settlements/${id}/bundle`, about: words.checkWhy }
  if (life.state === 'reviewed' && share && !share.approved)
    return [
      check,
      { what: words.agree, href: `/settlements/${id}#acts`, about: words.agreeWhy },
      { what: words.reject, href: `/settlements/${id}#acts`, about: words.rejectWhy },
    ]
  if (life.state === 'released' && share && !share.paid)
    return [
      check,
      ...(isTransferred(share) ? [{ what: words.transfer, href: '#payment', about: words.transferWhy }] : []),
      ...(until
        ? [{ what: words.object, href: `/settlements/${id}/disputes`, about: words.objectWhy(format.day(until)) }]
        : []),
    ]
  return life.state === 'prepared' ? [] : [check]
}

/** Whether some partner is due something of the share. */
const isTransferred = (share: Concern['share']): boolean =>
  (share?.pays ?? []).some(({ partner_id: id, due_cents: cents }) => id !== null && cents > 0)

function partnerTable(concern: Concern, names: Names, format: Format): Html {
  const id = concern.settlement.settlement_id
  const ids = concern.settlement.insurer?.partners ?? []
  const sheet = shareSheet({ ...concern, names: { nameOf: (partner) => names.get(partner) || partner } }, format)
  const caption = `${concern.settlement.contract}. ${sheet.caption}`
  return sheetTable({ ...sheet, caption }, format, {
    cell: (row, i, text) =>
      ids[row] && i === 0 ? markup`<a href="${settlementPath(id, 'partners', ids[row].partner_id)}">${text}</a>` : text,
    empty: insurerWords[format.lang].none,
    ...(sheet.rows.length > 0 ? { files: filesOf(id, 'share') } : {}),
  })
}

/** Whether there is something to pay that was agreed to. */
const isPayable = ({ life, share }: Concern): boolean =>
  life.state === 'released' && share !== undefined && share.approved !== null && share.paid === null

function fileSection(concern: Concern, names: Names, format: Format): Html {
  const words = insurerWords[format.lang]
  if (!isPayable(concern)) return markup`<p class="soft">${words.fileLater}</p>`
  const pays = concern.share?.pays ?? []
  const back = pays.filter(({ partner_id: id, due_cents: cents }) => id !== null && cents < 0)
  const list = back.map(
    ({ partner_id: id, due_cents: cents }) => `${names.get(id ?? '') ?? id} ${format.cents(-cents)}`,
  )
  return markup`<div id="payment"><p>${words.fileAbout}</p>
${pays.some(({ partner_id: id }) => id === null) ? markup`<p>${words.fileSmall}</p>` : null}
${list.length > 0 ? markup`<p>${words.fileBack(list.join(', '))}</p>` : null}
${
  isTransferred(concern.share)
    ? markup`<p><a href="/settlements/${concern.settlement.settlement_id}/payment-draft" download>${words.fileLink}</a></p>`
    : markup`<p>${words.fileNone}</p>`
}</div>`
}

export async function paymentDraft(app: FastifyInstance): Promise<void> {
  defineFile(app, '/settlements/:settlement/payment-draft', [], async ({ ask, reader, params }) => {
    const concern = await concernIn(ask, params.settlement, reader.subject)
    const names = await partnerNames(ask)
    const { settlement, share } = concern
    const file = isPayable(concern)
      ? pain001({
          settlementId: settlement.settlement_id,
          contract: settlement.contract,
          insurer: reader.subject,
          on: share?.approved?.on.slice(0, 10) ?? '',
          transfers: (share?.pays ?? []).flatMap(({ partner_id: id, due_cents: cents }) =>
            id === null ? [] : [{ partnerId: id, name: names.get(id) ?? id, cents }],
          ),
        })
      : null
    if (file === null)
      throw new Refusal(
        'not_found',
        'There is no payment file: the share is not approved and released, is paid, or owes no partner anything.',
      )
    return {
      type: 'application/xml; charset=utf-8',
      name: `draft-${settlement.settlement_id.slice(0, 12)}-${reader.subject}.xml`,
      bytes: file,
    }
  })
}
