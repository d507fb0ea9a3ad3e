/** What a partner sees first: what it receives and why, and what it can do about it. */
import { markup, type Html } from '../../../report/elements/html.ts'
import { placeChart } from '../../../report/charts/place-chart.ts'
import type { Format } from '../../../report/words/format.ts'
import type { Ask } from '../../ask.ts'
import type { Asked } from '../../define.ts'
import { figureOf } from '../../elements/figure.ts'
import { notice } from '../../elements/notice.ts'
import { sheetTable } from '../../elements/table.ts'
import { tilesOf } from '../../elements/tiles.ts'
import type { View } from '../../frame.ts'
import { frameWords } from '../../words/frame.ts'
import { partnerWords } from '../../words/partner.ts'
import { deadlineText, partnerPaid, yearsFor, yearsTable, type PartnerPaid } from './partner.ts'
import { outcomesSheet } from './sheets.ts'
import { firstLine, whyOf } from './why.ts'
import { settlementPath, type Settled } from '../settlement/settled.ts'
import { workFor } from './work-sheet.ts'

export async function partnerFirst(asked: Asked<never, never>): Promise<View> {
  const { ask, reader, format } = asked
  const words = partnerWords[format.lang].first
  const [years, work] = await Promise.all([yearsFor(ask, reader.subject), workTile(ask, format)])
  const [latest] = years
  if (!latest)
    return {
      title: words.title,
      place: 'today',
      body: markup`${notice('empty', markup`<p>${words.none}</p><p>${words.noneNext}</p>`)}${tilesOf([work])}`,
    }
  const shown = await partnerPaid(asked, latest.settlementId, reader.subject)
  const { settled, own, calculation } = shown
  const { names, life, settlement } = settled
  const row = own.statement
  const line = firstLine(row ?? { payment_cents: own.payment_cents ?? 0 }, { you: true, name: '' }, format)
  const why = calculation ? whyOf(calculation, row?.eligible ?? 0, names, format) : []
  const at = settlementPath(latest.settlementId, 'partners', reader.subject)
  return {
    title: line,
    place: 'today',
    body: markup`<p class="soft">${words.settlement(settled.contract.title, format.day(settlement.as_of))}; ${frameWords[format.lang].states[latest.state] ?? latest.state}.</p>
${why.map((sentence) => markup`<p>${sentence}</p>`)}
<p><a href="${at}">${words.how}</a></p>
${tilesOf([
  work,
  {
    label: words.deadline,
    value: markup`<a href="/disputes">${frameWords[format.lang].places.disputes}</a>`,
    note: life ? deadlineText(life, format) : '',
  },
  { label: words.files, value: markup`<a href="${at}/pdf" download>PDF</a>`, note: partnerWords[format.lang].page.pdf },
])}
<div class="columns"><div>${
      calculation && row
        ? markup`<h2>${partnerWords[format.lang].page.outcomes}</h2>${sheetTable(outcomesSheet(calculation, names, format), format, { cell: linked(at) })}`
        : null
    }</div>
<div>${years.length > 1 ? markup`<h2>${words.earlier}</h2>${yearsTable(years, reader.subject, format)}` : null}</div></div>
${place(settled, shown, format)}`,
  }
}

/** Every euro leads to its steps. */
const linked =
  (at: string) =>
  (_row: number, i: number, text: string): Html | string =>
    i === 1 ? markup`<a href="${at}#steps">${text}</a>` : text

/** How much still has to be measured, and when the first window closes. */
async function workTile(ask: Ask, format: Format) {
  const words = partnerWords[format.lang].first
  const { total: left, items } = await workFor(ask, { limit: 1 })
  const first = items[0]?.window_to ?? ''
  return {
    label: words.work,
    value: markup`<a href="/work">${left === 0 ? words.nothingToMeasure : words.stillToMeasure(format.count(left))}</a>`,
    ...(left === 0 ? {} : { note: words.first(format.day(first)) }),
  }
}

/** Its place among the others, who have no names. */
function place({ settlement }: Settled, { own }: PartnerPaid, format: Format): Html | null {
  const words = partnerWords[format.lang].first
  const value = own.statement?.value_eur_per_patient_year
  if (value === undefined) return null
  const others = (settlement.others ?? []).map((each) => each.value_eur_per_patient_year)
  if (others.length === 0) return markup`<h2>${words.others}</h2><p class="soft">${words.othersFew}</p>`
  const rank = 1 + others.filter((each) => each > value).length
  const chart = placeChart({
    id: 'place',
    label: words.others,
    own: value,
    ownLabel: `${words.you}: ${format.signed(value, 2)}`,
    others,
    axis: words.axis,
    tick: (each) => format.number(each, 0),
  })
  return markup`<h2>${words.others}</h2>
<p>${words.othersRank(format.count(rank), format.count(others.length + 1))}</p>
${figureOf(words.othersAbout, chart)}`
}
