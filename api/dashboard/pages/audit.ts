/** The audit log for the auditor: who did or looked at what, who looked at this patient; and whether the chains hold. */
import type { FastifyInstance } from 'fastify'
import { EVENTS, OUTCOMES } from '../../../data/audit/audit-event.ts'
import { markup, type Html } from '../../report/elements/html.ts'
import type { Format, Lang } from '../../report/words/format.ts'
import type { AnswerOf, Ask } from '../ask.ts'
import { definePage, type Asked } from '../define.ts'
import { fieldOf } from '../elements/form.ts'
import { notice } from '../elements/notice.ts'
import { numeric, tableOf, text } from '../elements/table.ts'
import type { View } from '../frame.ts'
import { auditWords } from '../words/audit.ts'
import { frameWords } from '../words/frame.ts'

type Event = AnswerOf<'/v1/audit', 'get'>['items'][number]
const FILTERS = ['patient', 'who', 'event', 'outcome', 'from', 'to'] as const
type Filter = Readonly<Partial<Record<(typeof FILTERS)[number], string>>>

const PAGE = 50
/** Of each kind on the first page. */
const LATEST = 8

export async function audit(app: FastifyInstance): Promise<void> {
  definePage(app, '/audit', [...FILTERS, 'cursor'], async ({ ask, format, query }) => {
    const words = auditWords[format.lang]
    // A form sends what was left blank too.
    const filter: Filter = Object.fromEntries(FILTERS.flatMap((name) => (query[name] ? [[name, query[name]]] : [])))
    const { event, outcome, ...rest } = filter
    const { items, next } = await ask.get('/v1/audit', {
      query: {
        ...rest,
        ...(event === undefined ? {} : { event: event as Event['event'] }), // the API refuses any other
        ...(outcome === undefined ? {} : { outcome: outcome as Event['outcome'] }),
        ...(query.cursor ? { cursor: query.cursor } : {}),
        limit: PAGE,
      },
    })
    const isFirst = !query.cursor
    const address = (more: Readonly<Record<string, string>>): string =>
      `/audit?${new URLSearchParams({ ...filter, ...more }).toString()}`
    return {
      title: words.title,
      place: 'audit',
      body: markup`<p class="lead">${filter.patient ? words.patientLead(filter.patient) : words.lead}</p>
${filter.patient ? markup`<p class="soft">${words.patientHint}</p>` : null}
${filterForm(filter, format.lang)}
${eventTable(items, words.caption, format, words.none)}
<p class="files">${isFirst ? null : markup`<a href="${address({})}">${words.first}</a> `}${next === null ? null : markup`<a href="${address({ cursor: next })}">${words.older}</a>`}</p>
<h2>${words.chains}</h2><p>${words.chainLead}</p><p><a class="act" href="/audit/chain">${words.check}</a></p>`,
    }
  })

  definePage(app, '/audit/chain', [], async ({ ask, format }) => {
    const words = auditWords[format.lang]
    return {
      title: words.chains,
      place: 'audit',
      path: [{ title: words.title, href: '/audit' }],
      body: await chains(ask, format),
    }
  })
}

/** The first page of an auditor. */
export async function auditToday({ ask, format }: Asked<never, never>): Promise<View> {
  const words = auditWords[format.lang]
  const latest = async (query: Pick<Event, 'event'> | Pick<Event, 'outcome'>) =>
    (await ask.get('/v1/audit', { query: { ...query, limit: LATEST } })).items
  const [acts, looks, refused] = [
    await latest({ event: 'act' }),
    await latest({ event: 'look' }),
    await latest({ outcome: 'refused' }),
  ]
  const part = (head: string, items: readonly Event[], where: string, empty: string) =>
    markup`<h2>${head}</h2>${eventTable(items, head, format, empty)}<p class="files"><a href="/audit?${where}" aria-label="${words.all}: ${head}">${words.all}</a></p>`
  return {
    title: frameWords[format.lang].places.today,
    place: 'today',
    body: markup`<p class="lead">${words.todayLead}</p>
<form method="get" action="/audit" class="narrow-form">${fieldOf({ name: 'patient', label: words.patient, type: 'search' })}<button>${words.search}</button></form>
${part(words.acts, acts, 'event=act', words.noActs)}
${part(words.looks, looks, 'event=look', words.noLooks)}
${part(words.refusals, refused, 'outcome=refused', words.noRefusals)}
<h2>${words.chains}</h2><p>${words.chainLead}</p><p><a class="act" href="/audit/chain">${words.check}</a></p>`,
  }
}

function filterForm(filter: Filter, lang: Lang): Html {
  const words = auditWords[lang]
  const choice = (values: readonly string[], named: Readonly<Record<string, string>>) => [
    ['', words.any] as const,
    ...values.map((value) => [value, named[value] ?? value] as const),
  ]
  const fields = [
    { name: 'patient', label: words.patient, type: 'search' as const },
    { name: 'who', label: words.who, hint: words.whoHint },
    { name: 'event', label: words.event, options: choice(EVENTS, words.events) },
    { name: 'outcome', label: words.outcome, options: choice(OUTCOMES, words.outcomes) },
    { name: 'from', label: words.from, type: 'date' as const },
    { name: 'to', label: words.to, type: 'date' as const },
  ] as const
  return markup`<form method="get" action="/audit" role="search" aria-label="${words.filter}"><div class="columns">
${fields.map((field) => fieldOf({ ...field, value: filter[field.name] ?? '' }))}</div>
<button>${words.search}</button></form>`
}

function eventTable(events: readonly Event[], caption: string, format: Format, empty: string): Html {
  const words = auditWords[format.lang]
  return tableOf(
    {
      caption,
      columns: [
        ...[
          words.at,
          words.who,
          words.event,
          words.what,
          words.patients,
          words.object,
          words.purpose,
          words.outcome,
        ].map(text),
        numeric(words.times),
      ],
      rows: events.map((each) => [
        markup`<span class="whole">${each.at.slice(0, 10)}</span> ${each.at.slice(11, 19)}`,
        whoOf(each, format.lang),
        words.events[each.event] ?? each.event,
        markup`<code class="route">${each.access_point.split('/').map((part, i) => (i === 0 ? part : markup`/<wbr>${part}`))}</code>`,
        patientsOf(each, format),
        Object.entries(each.object).map(([name, value]) => markup`${name} ${value.slice(0, 16)}<br>`),
        words.purposes[each.purpose] ?? each.purpose,
        `${words.outcomes[each.outcome] ?? each.outcome}${each.code === null ? '' : ` (${each.code})`}`,
        format.count(each.times),
      ]),
      empty,
    },
    format.lang,
  )
}

function whoOf({ role, who, on_behalf_of: whom }: Event, lang: Lang): Html {
  const words = auditWords[lang]
  if (who === '') return markup`${words.nobody}`
  const named = (frameWords[lang].roles as Readonly<Record<string, string>>)[role] ?? role
  return markup`${named} <a href="/audit?who=${encodeURIComponent(who)}">${who}</a>${whom === null ? null : ` ${words.inNameOf(whom)}`}`
}

function patientsOf({ patients, everybody }: Event, format: Format): Html {
  const words = auditWords[format.lang]
  if (everybody !== null) return markup`${words.everybody(format.count(everybody))}`
  if (patients.length > 3) return markup`${words.several(format.count(patients.length))}`
  return markup`${patients.map((id) => markup`<a href="/audit?patient=${encodeURIComponent(id)}">${id}</a> `)}`
}

async function chains(ask: Ask, format: Format): Promise<Html> {
  const words = auditWords[format.lang]
  const { audit: log, ledger } = await ask.get('/v1/audit/verification', {})
  const [head] = (await ask.get('/v1/audit/heads', {})).items
  const booked = await ask.get('/v1/ledger/head', {})
  const verdict = (name: string, at: number | null) =>
    at === null
      ? notice('good', markup`<strong>${name}</strong> ${words.holds}`)
      : notice('fault', markup`<strong>${name}</strong> ${words.broken(format.count(at))}`)
  const ends = [
    [words.auditChain, head ?? null],
    [words.ledgerChain, booked],
  ] as const
  return markup`<p>${words.chainLead}</p>
${verdict(words.auditChain, log.broken_at)}
${verdict(words.ledgerChain, ledger.broken_at)}
<h2>${words.head}</h2>
${tableOf(
  {
    caption: words.head,
    columns: [text(words.chains), numeric(words.number), text(words.hash)],
    rows: ends.map(([name, end]) => [
      name,
      end === null ? words.nothingPosted : format.count(end.seq),
      end === null ? '' : markup`<code>${end.hash}</code>`,
    ]),
  },
  format.lang,
)}
<p>${words.keep}</p>`
}
