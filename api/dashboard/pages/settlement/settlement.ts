/** One settlement: where it stands, what may be done with it, what it comes to, and how to verify it; each reader sees what the API tells it. */
import type { FastifyInstance } from 'fastify'
import { markup, type Html } from '../../../report/elements/html.ts'
import { definePage, type Asked } from '../../define.ts'
import { figureOf } from '../../elements/figure.ts'
import { measuredText } from '../../elements/measured.ts'
import { notice } from '../../elements/notice.ts'
import { stateBar } from '../../elements/state-bar.ts'
import { sheetTable } from '../../elements/table.ts'
import { tilesOf, type Tile } from '../../elements/tiles.ts'
import type { View } from '../../frame.ts'
import { frameWords } from '../../words/frame.ts'
import { settlementWords } from '../../words/settlement.ts'
import { actForms, type ActTyped } from './act-forms.ts'
import { differenceSection } from './difference.ts'
import { bridgeChart, partnerFigures } from './figures.ts'
import { insurersSheet, partnersSheet, shareSheet } from './sheets.ts'
import { verifySection } from './verify.ts'
import { filesOf, settledFor, settlementPath, type Life, type Settled } from './settled.ts'

type AskedHere = Asked<'settlement', never>

export async function settlementPage(app: FastifyInstance): Promise<void> {
  definePage(app, '/settlements/:settlement', [], (asked) => settlementView(asked))
}

/** @param typed what an act was sent with, where it was sent back */
export async function settlementView(asked: AskedHere, typed: ActTyped | null = null): Promise<View> {
  const { reader, format } = asked
  const settled = await settledFor(asked, asked.params.settlement)
  const { settlement, contract, life } = settled
  const words = settlementWords[format.lang]
  const { start, end } = contract.period
  const status = frameWords[format.lang].status[settlement.status] ?? settlement.status
  const about = words.about(words.period(format.day(start), format.day(end)), format.day(settlement.as_of), status)
  return {
    title: words.title(contract.title),
    place: 'settlements',
    path: [{ title: frameWords[format.lang].places.settlements, href: '/settlements' }],
    body: markup`<p class="soft">${about}</p>
${life ? stateBar(life.state, life.events, format.lang) : null}
${life ? heldNotice(settled, life, format.lang) : null}
${await bodyFor(asked, settled)}
${life ? actForms(reader, { settlementId: settlement.settlement_id, life, typed }, format.lang) : null}
${life ? await disputesSection(asked, life) : null}
${verifySection(reader, settled, format)}`,
  }
}

function heldNotice({ settlement, contract }: Settled, life: Life, lang: 'nl' | 'en'): Html | null {
  if (life.held_by.length === 0) return null
  const models = [...new Set(settlement.held.flatMap(({ model_id: id }) => (id === '' ? [] : [id])))]
  return notice(
    'warning',
    markup`<p>${settlementWords[lang].held}</p><ul>${life.held_by.map((sentence) => markup`<li lang="en">${sentence}</li>`)}</ul>
${models.map((model) => markup`<a href="/models/${model}">${frameWords[lang].places.models}: ${contract.programme}, ${model.slice(0, 12)}</a> `)}`,
  )
}

async function bodyFor(asked: AskedHere, settled: Settled): Promise<Html> {
  const { role } = asked.reader
  if (role === 'researcher') return researchBody(asked, settled)
  if (role === 'insurer') return insurerBody(asked, settled)
  return role === 'partner' ? await partnerBody(asked, settled) : await wholeBody(asked, settled)
}

/** What staff see: everything that is large enough to be shown. */
async function wholeBody(asked: AskedHere, settled: Settled): Promise<Html> {
  const { ask, format } = asked
  const { settlement, life } = settled
  const words = settlementWords[format.lang]
  const id = settlement.settlement_id
  const { bridge } = await ask.get('/v1/settlements/{settlement}/calculation', { path: { settlement: id } })
  const { partners = [] } = settlement
  return markup`${tilesOf(wholeTiles(asked, settled))}
<p><a href="/v1/settlements/${id}/report?lang=${format.lang}">${words.whole.report}</a> ·
<a href="${settlementPath(id, 'pdf')}" download>${words.whole.pdf}</a></p>
${
  bridge
    ? markup`<h2>${words.bridge.title}</h2>${figureOf(
        words.bridge.says(...amountsOf(bridge, format)),
        bridgeChart(bridge, format),
      )}`
    : null
}
<h2 id="partners">${words.partners.title}</h2>
${partnerFigures(settled, format)}
${sheetTable(partnersSheet(settled, format), format, {
  cell: (row, i, text) => {
    const partner = partners[row]
    return partner && i === 0
      ? markup`<a href="${settlementPath(id, 'partners', partner.partner_id)}">${text}</a>`
      : text
  },
  files: filesOf(id, 'partners'),
})}
${life ? markup`<h2>${words.insurers.title}</h2>${sheetTable(insurersSheet(life, format), format, { files: filesOf(id, 'insurers') })}` : null}
${await differenceSection(asked, settled)}`
}

const amountsOf = (
  bridge: { readonly gains_cents: number; readonly losses_cents: number; readonly total_cents: number },
  format: Asked<never, never>['format'],
): [string, string, string] => [
  format.cents(bridge.gains_cents),
  format.cents(bridge.losses_cents),
  format.cents(bridge.total_cents),
]

function wholeTiles({ format }: AskedHere, { settlement, contract }: Settled): Tile[] {
  const words = settlementWords[format.lang].tiles
  const { partners = [], small_panels: small = null, totals, to_come: toCome } = settlement
  const all = partners.length + (small?.partners.length ?? 0)
  const paid = partners.filter(({ payment_cents }) => payment_cents > 0).length
  const owing = partners.filter(({ payment_cents }) => payment_cents < 0).length
  const eligible = partners.reduce((sum, row) => sum + row.eligible, 0)
  const work = markup`<a href="/work?contract=${contract.contract}">${words.work}</a>`
  const coming = toCome
    ? markup`; ${toCome.results === null ? words.toComeFew : words.toCome(format.count(toCome.results))}`
    : null
  return [
    { label: words.total, value: markup`<a href="#partners">${format.cents(totals?.payment_cents ?? 0)}</a>` },
    {
      label: words.partners,
      value: words.of(format.count(paid), format.count(all)),
      ...(owing === 0 ? {} : { note: words.owing(format.count(owing)) }),
    },
    { label: words.patients, value: format.count(eligible + (small?.eligible ?? 0)) },
    {
      label: words.measured,
      value: measuredText(partners, format),
      note: markup`${work}${coming}`,
    },
  ]
}

/** What an insurer sees: its own amounts. */
function insurerBody({ format }: AskedHere, settled: Settled): Html {
  const words = settlementWords[format.lang]
  const { insurer, settlement_id: id } = settled.settlement
  const ids = insurer?.partners ?? []
  return markup`${tilesOf([{ label: words.tiles.insurer, value: format.cents(insurer?.payment_cents ?? 0) }])}
<h2 id="partners">${words.share.title}</h2>
${sheetTable(shareSheet(settled, format), format, {
  cell: (row, i, text) =>
    ids[row] && i === 0 ? markup`<a href="${settlementPath(id, 'partners', ids[row].partner_id)}">${text}</a>` : text,
  files: filesOf(id, 'share'),
})}`
}

/** What a partner sees: where it stands, and the way to its own page. */
async function partnerBody(asked: AskedHere, settled: Settled): Promise<Html> {
  const { ask, reader, format } = asked
  const { settlement } = settled
  const words = settlementWords[format.lang]
  const path = { settlement: settlement.settlement_id, partner: reader.subject }
  const own = await ask.get('/v1/settlements/{settlement}/partners/{partner}', { path })
  const [low, high] = own.statement?.interval90_cents ?? []
  return markup`${tilesOf([
    {
      label: words.tiles.partner,
      value: format.cents(own.payment_cents ?? 0),
      ...(low === undefined || high === undefined
        ? {}
        : { note: words.tiles.between(format.cents(low), format.cents(high)) }),
    },
  ])}
<p><a href="${settlementPath(settlement.settlement_id, 'partners', reader.subject)}">${words.whole.own}</a></p>
${await differenceSection(asked, settled)}`
}

/** What research sees: no amounts, no names. */
function researchBody({ format }: AskedHere, { settlement, names }: Settled): Html {
  const words = settlementWords[format.lang].research
  const sheet = {
    caption: words.caption,
    columns: [
      { head: words.measure, kind: 'text' as const },
      { head: words.mean, kind: 'signed' as const },
      { head: words.trend, kind: 'signed' as const },
    ],
    rows: settlement.outcomes.map(({ measure, collective_mean, trend }) => [
      names.titleOf(measure),
      collective_mean,
      trend,
    ]),
  }
  return markup`<p>${words.about}</p>${sheetTable(sheet, format)}`
}

async function disputesSection({ ask, reader, format }: AskedHere, life: Life): Promise<Html> {
  const words = settlementWords[format.lang].disputes
  const items = await ask.all('/v1/settlements/{settlement}/disputes', { path: { settlement: life.settlement_id } })
  const at = settlementPath(life.settlement_id, 'disputes')
  const mayBegin = reader.role === 'insurer' && life.disputes?.past === false
  const until = life.disputes ? markup`<p>${words.until(format.day(life.disputes.until))}</p>` : null
  return markup`<h2>${words.title}</h2>${
    items.length === 0
      ? markup`<p class="soft">${words.none}</p>`
      : markup`<p><a href="${at}">${words.some(format.count(items.length))}</a></p>`
  }${until}${mayBegin ? markup`<p><a href="${at}#begin">${words.begin}</a></p>` : null}`
}
