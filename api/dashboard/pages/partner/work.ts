/** Who still has to be measured, filtered by a form; where a script may run, the whole list at once, filtered while one types. */
import type { FastifyInstance } from 'fastify'
import { markup, raw, type Html } from '../../../report/elements/html.ts'
import type { Format } from '../../../report/words/format.ts'
import type { Ask } from '../../ask.ts'
import { defineFile, definePage, type Asked } from '../../define.ts'
import { notice } from '../../elements/notice.ts'
import { fieldOf } from '../../elements/form.ts'
import { sheetTable } from '../../elements/table.ts'
import { cellText } from '../../files/sheet.ts'
import { tableFile } from '../../files/table-file.ts'
import { workWords } from '../../words/work.ts'
import { faultsSheet, workFor, workSheet, type Work, type WorkAsked } from './work-sheet.ts'

const FILTERS = ['contract', 'measure', 'practice'] as const
type Filter = (typeof FILTERS)[number]
type Query = Readonly<Partial<Record<Filter | 'cursor', string>>>

/** Rows of a page that is made here. */
const PAGE = 100
/** Rows that one answer of the API holds. */
const ALL = 20_000

export async function work(app: FastifyInstance): Promise<void> {
  definePage(app, '/work', [...FILTERS, 'cursor'], async (asked) => {
    const { ask, query, format } = asked
    const words = workWords[format.lang]
    const found = await workFor(ask, { ...filtersOf(query), limit: PAGE })
    if (found.as_of === '') return { title: words.title, place: 'work', body: notice('empty', words.nothing) }
    return { title: words.title, place: 'work', body: await bodyOf(asked, found), islands: ['work-table'] }
  })
  defineFile(app, '/work/tables/:kind', FILTERS, async ({ ask, query, params, format }) => {
    const { items } = await workFor(ask, { ...filtersOf(query), limit: ALL })
    const sheet = workSheet(items, await titlesFor(ask, format), format)
    return await tableFile(sheet, { kind: params.kind, name: 'work', lang: format.lang })
  })
  // The whole list for the table that a script shows.
  defineFile(app, '/work/rows', FILTERS, async ({ ask, query, format }) => {
    const { items } = await workFor(ask, { ...filtersOf(query), limit: ALL })
    const { columns, rows } = workSheet(items, await titlesFor(ask, format), format)
    const texts = rows.map((row) => columns.map((each, i) => cellText(each, row[i] ?? null, format)))
    return { type: 'application/json', name: 'work.json', bytes: JSON.stringify(texts) }
  })
}

/** What of an address is asked of the API: not its language. */
const filtersOf = (query: Query): Omit<WorkAsked, 'limit'> =>
  Object.fromEntries([...FILTERS, 'cursor' as const].flatMap((name) => (query[name] ? [[name, query[name]]] : [])))

/** Titles of measures of all programmes. */
async function titlesFor(ask: Ask, { lang }: Format): Promise<(measure: string) => string> {
  const items = await ask.all('/v1/programmes', {})
  const titles = new Map(items.flatMap(({ measures }) => measures.map(({ measure, title }) => [measure, title[lang]])))
  return (measure) => titles.get(measure) ?? measure
}

async function bodyOf({ ask, query, format }: Asked<never, Filter | 'cursor'>, found: Work): Promise<Html> {
  const words = workWords[format.lang]
  const titleOf = await titlesFor(ask, format)
  const { items, next, total, faults, as_of: asOf } = found
  const { cursor: _cursor, ...chosen } = filtersOf(query)
  const filters = new URLSearchParams(chosen).toString()
  const everything = await workFor(ask, { limit: ALL })
  const options = (key: 'contract' | 'measure' | 'practice_id'): [string, string][] => {
    const values = [...new Set(everything.items.map((item) => item[key]))].sort()
    return [['', words.all], ...values.map((of): [string, string] => [of, key === 'measure' ? titleOf(of) : of])]
  }
  const choices = { contract: options('contract'), measure: options('measure'), practice: options('practice_id') }
  const fields = FILTERS.map((name) =>
    fieldOf({ name, label: words[name], value: query[name] ?? '', options: choices[name] }),
  )
  const data = {
    rows: `/work/rows?${filters}`,
    search: words.search,
    columns: [words.patient, words.measure, words.practice, words.to, words.from, words.last, words.contract],
    shown: words.shown('{n}', '{all}'),
    caption: words.caption,
  }
  return markup`<p class="soft">${words.about(format.day(asOf))}</p>
<p class="lead">${words.count(format.count(total))}</p>
<form method="get" action="/work" class="inline-form">${fields}<button>${words.show}</button></form>
<div id="work-table" data-work="${JSON.stringify(data)}">
${sheetTable(workSheet(items, titleOf, format), format, {
  cell: (at, i, text) => (i === 0 ? markup`<a href="/patients/${items[at]?.patient_id ?? ''}">${text}</a>` : text),
  empty: words.empty,
  files: { csv: `/work/tables/csv?${filters}`, xlsx: `/work/tables/xlsx?${filters}` },
})}
${next ? markup`<p><a href="/work?${raw(new URLSearchParams(`${filters}&cursor=${encodeURIComponent(next)}`).toString().replaceAll('&', '&amp;'))}">${words.next}</a></p>` : null}
</div>
${faults.length > 0 ? markup`<h2>${words.faults}</h2>${sheetTable(faultsSheet(faults, format), format)}` : null}`
}
