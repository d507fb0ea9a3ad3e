/** The first page of an analyst: what is asked of it now, and where every contract and year stands. */
import { markup, type Content, type Html } from '../../../report/elements/html.ts'
import type { Format } from '../../../report/words/format.ts'
import type { AnswerOf, Ask } from '../../ask.ts'
import type { Asked } from '../../define.ts'
import { askedOf, type AskedLine } from '../../elements/asked.ts'
import { measuredText } from '../../elements/measured.ts'
import { notice } from '../../elements/notice.ts'
import { numeric, tableOf, text } from '../../elements/table.ts'
import type { View } from '../../frame.ts'
import { frameWords } from '../../words/frame.ts'
import { todayAnalystWords } from '../../words/sources/today-analyst.ts'

type Head = AnswerOf<'/v1/settlements', 'get'>['items'][number]
type Contract = AnswerOf<'/v1/contracts', 'get'>['items'][number]
type Settlement = AnswerOf<'/v1/settlements/{settlement}', 'get'>
type Life = AnswerOf<'/v1/settlements/{settlement}/life', 'get'>

/** The settlement that stands for a contract and year, with its life. */
interface Current {
  readonly head: Head
  readonly settlement: Settlement
  readonly life: Life
}

export async function todayOfAnalyst({ ask, reader, format }: Asked<never, never>): Promise<View> {
  const words = todayAnalystWords[format.lang]
  const [contracts, current, deliveries, programmes] = await Promise.all([
    ask.all('/v1/contracts', {}),
    currentSettlements(ask),
    ask.get('/v1/deliveries', { query: { limit: 1 } }),
    ask.all('/v1/programmes', {}),
  ])
  const lines = [
    ...(await faultsOf(ask, deliveries.items[0], format)),
    ...modelLines(current, titlesIn(programmes, format), format),
    ...settlementLines(current, `analyst:${reader.subject}`, format),
    ...(await disputeLines(ask, format)),
  ]
  const next = nextOf(contracts, deliveries.items.length, current, `analyst:${reader.subject}`, format)
  return {
    title: words.title,
    place: 'today',
    body: markup`<h2>${words.asked}</h2>
${lines.length > 0 ? askedOf(lines) : notice('good', words.nothing)}
<ul class="plain">${next.map((each) => markup`<li>${each}</li>`)}</ul>
<h2>${words.contracts}</h2>
${contractTable(contracts, current, format)}`,
  }
}

/** Of each contract and year the settlement on the latest data that was not rejected; where all were, the last. */
async function currentSettlements(ask: Ask): Promise<Current[]> {
  const heads = await ask.all('/v1/settlements', {})
  const years = new Map<string, Head[]>()
  for (const head of heads) {
    const year = `${head.contract} ${head.period_start}`
    years.set(year, [...(years.get(year) ?? []), head])
  }
  return await Promise.all(
    [...years.values()].map(async (of) => {
      const head = of.find(({ state }) => state !== 'rejected') ?? of[0]!
      const path = { settlement: head.settlement_id }
      const [settlement, life] = await Promise.all([
        ask.get('/v1/settlements/{settlement}', { path }),
        ask.get('/v1/settlements/{settlement}/life', { path }),
      ])
      return { head, settlement, life }
    }),
  )
}

async function faultsOf(
  ask: Ask,
  delivery: { readonly delivery_id: number; readonly delivered_on: string } | undefined,
  format: Format,
): Promise<AskedLine[]> {
  if (!delivery) return []
  const words = todayAnalystWords[format.lang]
  const { items } = await ask.get('/v1/deliveries/{delivery}/practices', { path: { delivery: delivery.delivery_id } })
  if (items.length === 0) return []
  const rows = items.reduce((sum, { rejected, kept }) => sum + rejected + kept, 0)
  return [
    {
      what: words.practices(items.length, format.count(rows)),
      href: `/imports/${delivery.delivery_id}`,
      about: words.inDelivery(format.day(delivery.delivered_on)),
    },
  ]
}

/** What keeps settlements from being released lies with their models: each is asked about once. */
function modelLines(current: readonly Current[], titleOf: (measure: string) => string, { lang }: Format): AskedLine[] {
  const words = todayAnalystWords[lang]
  const held = new Map(
    current.flatMap(({ settlement }) =>
      settlement.held.map((each) => [`${each.code} ${each.model_id || each.measure}`, each]),
    ),
  )
  return [...held.values()].map(({ code, measure, model_id: id, sentence }) => {
    const title = titleOf(measure)
    if (code === 'model_not_payable')
      return { what: words.approve(title), href: `/models/${id}#decide`, about: words.approveWhy }
    if (code === 'drift_alarm') return { what: words.drift(title), href: `/models/${id}#drift`, about: words.driftWhy }
    // a price that rests on an uncertain rate is no model's
    const href = id === '' ? '/contracts' : `/models/${id}`
    return { what: words.held(title), href, about: markup`<span lang="en">${sentence}</span>` }
  })
}

function titlesIn(
  programmes: AnswerOf<'/v1/programmes', 'get'>['items'],
  { lang }: Format,
): (measure: string) => string {
  const measures = programmes.flatMap((programme) => programme.measures)
  return (name) => measures.find(({ measure }) => measure === name)?.title[lang] ?? name
}

const preparedBy = ({ life: { events } }: Current): string => events[0]?.by ?? ''

function settlementLines(current: readonly Current[], me: string, format: Format): AskedLine[] {
  const words = todayAnalystWords[format.lang]
  return current.flatMap((each): AskedLine[] => {
    const { head, life } = each
    const href = `/settlements/${head.settlement_id}`
    const ofNobody = life.shares.find(({ insurer }) => insurer === 'unknown')
    if (life.state === 'prepared' && preparedBy(each) !== me)
      return [
        { what: words.review(head.contract), href, about: words.reviewWhy(preparedBy(each), format.day(head.as_of)) },
      ]
    if (life.state === 'reviewed' && ofNobody && !ofNobody.approved && !life.events.some(({ by }) => by === me))
      return [{ what: words.signForUnknown(head.contract), href, about: words.signForUnknownWhy }]
    return []
  })
}

async function disputeLines(ask: Ask, { lang }: Format): Promise<AskedLine[]> {
  const words = todayAnalystWords[lang]
  const items = await ask.all('/v1/disputes', { query: { state: 'open' } })
  return items.length === 0 ? [] : [{ what: words.disputes(items.length), href: '/disputes', about: words.disputesWhy }]
}

/** What comes next, and with whom it lies. */
function nextOf(
  contracts: readonly Contract[],
  deliveries: number,
  current: readonly Current[],
  me: string,
  { lang }: Format,
): Content[] {
  const { next } = todayAnalystWords[lang]
  if (deliveries === 0) return [markup`<a href="/imports">${next.deliver}</a>`]
  if (contracts.length === 0) return [markup`<a href="/contracts/new">${next.contract}</a>`]
  if (current.length === 0) return [markup`<a href="/contracts">${next.settle}</a>`]
  const waiting = current.flatMap((each) => {
    const { contract } = each.head
    const { state, shares } = each.life
    if (state === 'prepared' && preparedBy(each) === me) return [next.colleague(contract)]
    const open = shares.filter(({ insurer, approved }) => insurer !== 'unknown' && !approved)
    if (state === 'reviewed' && open.length > 0)
      return [next.insurers(contract, open.map(({ insurer }) => insurer).join(', '))]
    return state === 'released' ? [next.payment(contract)] : []
  })
  return waiting.length > 0 ? waiting : [markup`<a href="/imports">${next.rest}</a>`]
}

function contractTable(contracts: readonly Contract[], current: readonly Current[], format: Format): Html {
  const words = todayAnalystWords[format.lang]
  const { states } = frameWords[format.lang]
  const link = (id: string) => markup`<a href="/contracts/${id}">${id}</a>`
  const settled = current.map(({ head, settlement }) => {
    const period = contracts.find(({ contract }) => contract === head.contract)?.period
    return [
      link(head.contract),
      head.period_start ? format.day(head.period_start) : period ? periodOf(period, format) : '',
      markup`<a href="/settlements/${head.settlement_id}">${states[head.state] ?? head.state}</a>`,
      settlement.totals ? format.cents(settlement.totals.payment_cents) : '',
      settlement.partners?.length ? measuredText(settlement.partners, format) : '',
      format.day(head.as_of),
    ]
  })
  const missing = contracts.filter(({ contract }) => !current.some(({ head }) => head.contract === contract))
  const waiting = missing.map(({ contract, period }) => [
    link(contract),
    periodOf(period, format),
    words.notSettled,
    '',
    '',
    '',
  ])
  return tableOf(
    {
      caption: words.caption,
      columns: [
        text(words.contract),
        text(words.period),
        text(words.state),
        numeric(words.amount),
        numeric(words.measured),
        text(words.known),
      ],
      rows: [...settled, ...waiting],
      empty: words.noContracts,
    },
    format.lang,
  )
}

const periodOf = ({ start, end }: { readonly start: string; readonly end: string }, format: Format): string =>
  `${format.day(start)} – ${format.day(end)}`
