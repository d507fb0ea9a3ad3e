/** One partner's payment: why, from patients to cents, and down to each patient. */
import type { FastifyInstance } from 'fastify'
import { markup, type Html } from '../../../report/elements/html.ts'
import type { Format } from '../../../report/words/format.ts'
import { RECEIPT_PAGE } from '../../../schemas/receipts/receipt.ts'
import type { Ask } from '../../ask.ts'
import { definePage, type Asked } from '../../define.ts'
import { measuredText } from '../../elements/measured.ts'
import { sheetTable } from '../../elements/table.ts'
import { tilesOf } from '../../elements/tiles.ts'
import type { View } from '../../frame.ts'
import { frameWords } from '../../words/frame.ts'
import { partnerWords } from '../../words/partner.ts'
import { settlementWords } from '../../words/settlement.ts'
import type { PartnerCalculation } from '../settlement/amounts.ts'
import {
  addsUpSheet,
  completeSheet,
  outcomesSheet,
  patientsSheet,
  payersSheet,
  tippingSays,
  tippingSheet,
  yearsSheet,
  type PatientRow,
  type Receipt,
  type Statement,
  type YearSettled,
} from './sheets.ts'
import { boardForm } from './board-form.ts'
import { receiptTables, stepsTable } from './steps.ts'
import { firstLine, whyOf } from './why.ts'
import { settledFor, settlementPath, type Life, type Settled } from '../settlement/settled.ts'

/** One partner's payment, as far as no patient is named. */
export interface PartnerPaid {
  readonly settled: Settled
  readonly own: Statement
  /** null: not for the reader */
  readonly calculation: PartnerCalculation | null
}

export interface PartnerSettled extends PartnerPaid {
  /** null: not for the reader, or too few people */
  readonly receipt: Receipt | null
}

export async function partnerPage(app: FastifyInstance): Promise<void> {
  definePage(app, '/settlements/:settlement/partners/:partner', [], partnerView)
}

/** What the API tells the reader of one partner's payment, without its patients. */
export async function partnerPaid(
  { ask, reader, format }: Asked<never, never>,
  settlement: string,
  partner: string,
): Promise<PartnerPaid> {
  const calculated =
    reader.role === 'insurer'
      ? { partners: [] }
      : ask.get('/v1/settlements/{settlement}/calculation', { path: { settlement } })
  const [own, settled, { partners = [] }] = await Promise.all([
    ask.get('/v1/settlements/{settlement}/partners/{partner}', { path: { settlement, partner } }),
    settledFor({ ask, reader, format }, settlement),
    calculated,
  ])
  return { settled, own, calculation: partners.find(({ partner_id }) => partner_id === partner) ?? null }
}

/** The same, with what each patient does to it. */
export async function partnerSettled(
  asked: Asked<never, never>,
  settlement: string,
  partner: string,
): Promise<PartnerSettled> {
  const paid = await partnerPaid(asked, settlement, partner)
  if (asked.reader.role === 'insurer' || paid.own.small_panel) return { ...paid, receipt: null }
  const receipt = await asked.ask.get('/v1/settlements/{settlement}/partners/{partner}/receipt', {
    path: { settlement, partner },
    query: { limit: RECEIPT_PAGE },
  })
  return { ...paid, receipt }
}

async function partnerView(asked: Asked<'settlement' | 'partner', never>): Promise<View> {
  const { format, reader, params } = asked
  const shown = await partnerSettled(asked, params.settlement, params.partner)
  const { settled, own } = shown
  const name = settled.names.nameOf(params.partner)
  const words = partnerWords[format.lang].page
  return {
    title: words.title(name),
    place: 'settlements',
    path: [
      { title: frameWords[format.lang].places.settlements, href: '/settlements' },
      {
        title: settlementWords[format.lang].title(settled.contract.title),
        href: settlementPath(params.settlement),
      },
    ],
    body:
      reader.role === 'insurer'
        ? markup`<p class="lead">${own.insurer ? words.insurerOnly(format.cents(own.insurer.cents)) : frameWords[format.lang].fewerThanTen}</p>`
        : await partnerBody(asked, shown, name),
  }
}

async function partnerBody(
  asked: Asked<'settlement' | 'partner', never>,
  { settled, own, calculation, receipt }: PartnerSettled,
  name: string,
): Promise<Html> {
  const { ask, format, reader, params } = asked
  const { names, life, contract } = settled
  const words = partnerWords[format.lang].page
  const row = own.statement
  const pages = (...rest: string[]) => settlementPath(params.settlement, 'partners', params.partner, ...rest)
  const files = (table: string) => ({ csv: pages('tables', table, 'csv'), xlsx: pages('tables', table, 'xlsx') })
  const line = firstLine(
    row ?? { payment_cents: own.payment_cents ?? 0 },
    { you: reader.role === 'partner', name },
    format,
  )
  const why = calculation ? whyOf(calculation, row?.eligible ?? 0, names, format) : []
  const years = await yearsFor(ask, params.partner)
  const effects = [...(receipt?.patients ?? [])].sort((a, b) => Math.abs(b.payment_eur) - Math.abs(a.payment_eur))
  const linked = (patients: readonly PatientRow[]) => (at: number, i: number, text: string) =>
    i === 0 ? markup`<a href="${pages('patients', patients[at]?.patient_id ?? '')}">${text}</a>` : text
  const most = effects.slice(0, 20)
  return markup`<p class="lead">${line}</p>
${row ? markup`<p class="soft">${partnerWords[format.lang].betweenMeans}</p>` : null}
${why.map((sentence) => markup`<p>${sentence}</p>`)}
${row ? partnerTiles(row, contract.contract, format) : null}
<p><a href="${pages('pdf')}" download>${words.pdf}</a></p>
${calculation && row ? markup`<h2 id="outcomes">${words.outcomes}</h2>${sheetTable(outcomesSheet(calculation, names, format), format, { files: files('outcomes') })}` : null}
${calculation && row ? markup`<h2 id="steps">${words.steps}</h2>${stepsTable(calculation, row, names, format)}` : null}
${receipt ? receiptTables(receipt, names, format) : null}
${receipt?.adds_up ? markup`<h2 id="adds-up">${words.addsUp}</h2>${sheetTable(addsUpSheet(receipt, names, format), format, { files: files('adds-up') })}` : null}
${
  row
    ? markup`<h2 id="complete">${words.complete}</h2>${sheetTable(completeSheet(row, names, format), format, { files: files('complete') })}
<p><a href="/work?contract=${contract.contract}">${words.workLink}</a></p>`
    : null
}
${own.tipping ? markup`<h2>${words.tipping}</h2>${own.tipping.verdict === 'tips' ? sheetTable(tippingSheet(own.tipping, names, format), format) : markup`<p>${tippingSays(own.tipping, format)}</p>`}` : null}
${
  most.length > 0
    ? markup`<h2 id="patients">${words.patients}</h2>${sheetTable(patientsSheet(most, words.patientsCaption, names, format), format, { cell: linked(most) })}
<p><a href="${pages('patients')}">${words.allPatients}</a></p>`
    : null
}
${row ? markup`<h2>${words.insurers}</h2>${sheetTable(payersSheet(row, format), format)}` : null}
${years.length > 1 ? markup`<h2 id="years">${words.years}</h2>${yearsTable(years, params.partner, format)}` : null}
${life ? markup`<p>${words.dispute} ${deadlineText(life, format)}</p>` : null}
${boardForm(pages(), reader, format)}`
}

export function partnerTiles(row: NonNullable<Statement['statement']>, contract: string, format: Format): Html {
  const words = settlementWords[format.lang]
  const [low = 0, high = 0] = row.interval90_cents
  return tilesOf([
    {
      label: words.partners.payment,
      value: markup`<a href="#steps">${format.cents(row.payment_cents)}</a>`,
      note: words.tiles.between(format.cents(low), format.cents(high)),
    },
    { label: words.partners.patients, value: format.count(row.eligible) },
    {
      label: words.tiles.measured,
      value: measuredText([row], format),
      note: markup`<a href="/work?contract=${contract}">${words.tiles.work}</a>`,
    },
    { label: words.partners.value, value: format.signed(row.value_eur_per_patient_year, 2) },
  ])
}

export const yearsTable = (years: readonly YearSettled[], partner: string, format: Format): Html =>
  sheetTable(yearsSheet(years, format), format, {
    cell: (at, i, text) =>
      i === 0
        ? markup`<a href="${settlementPath(years[at]?.settlementId ?? '', 'partners', partner)}">${text}</a>`
        : text,
  })

/** Settlements that a page puts beside each other, at most. */
const MOST_YEARS = 8

/** A partner's settlements: of each contract the last that was not rejected, the latest first. */
export async function yearsFor(ask: Ask, partner: string): Promise<YearSettled[]> {
  const items = await ask.all('/v1/settlements', {})
  const holding = items.filter(
    (each, at) =>
      each.state !== 'rejected' &&
      items.findIndex(({ contract, state }) => state !== 'rejected' && contract === each.contract) === at,
  )
  const years = await Promise.all(
    holding.slice(0, MOST_YEARS).map(async ({ settlement_id, contract, as_of, state }): Promise<YearSettled[]> => {
      const path = { settlement: settlement_id, partner }
      const own = await ask.get('/v1/settlements/{settlement}/partners/{partner}', { path }).catch(() => null)
      if (!own) return []
      const patients = own.statement?.eligible ?? null
      const cents = own.payment_cents ?? 0
      return [{ settlementId: settlement_id, contract, asOf: as_of, state, patients, cents }]
    }),
  )
  return years.flat()
}

/** Until when a dispute can be filed, in a sentence. */
export function deadlineText({ disputes }: Pick<Life, 'disputes'>, format: Format): string {
  const words = partnerWords[format.lang].page
  if (!disputes) return words.notReleased
  return (disputes.past ? words.deadlinePast : words.deadline)(format.day(disputes.until))
}
