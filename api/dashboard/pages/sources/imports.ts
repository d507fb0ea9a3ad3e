/** Deliveries: what was handed in, what of it was not taken, and for each practice a file of what it can mend. */
import type { FastifyInstance } from 'fastify'
import { inWords, profileSections } from '../../../report/profile-page.ts'
import { markup, type Html } from '../../../report/elements/html.ts'
import type { Format } from '../../../report/words/format.ts'
import type { AnswerOf, Ask } from '../../ask.ts'
import { defineFile, definePage } from '../../define.ts'
import { numeric, tableOf, text } from '../../elements/table.ts'
import { tilesOf } from '../../elements/tiles.ts'
import { importWords } from '../../words/sources/imports.ts'
import { CHOICES, uploadForm } from './uploads.ts'

type Delivery = AnswerOf<'/v1/deliveries/{delivery}', 'get'>
type Practice = AnswerOf<'/v1/deliveries/{delivery}/practices', 'get'>['items'][number]

export async function imports(app: FastifyInstance): Promise<void> {
  definePage(app, '/imports', [...CHOICES, 'cursor'], async ({ ask, format, reader, query }) => {
    const words = importWords[format.lang]
    const { items, next } = await ask.get('/v1/deliveries', {
      query: { limit: 50, ...(query.cursor ? { cursor: query.cursor } : {}) },
    })
    return {
      title: words.title,
      place: 'imports',
      islands: reader.role === 'analyst' ? ['upload'] : [],
      body: markup`<p>${words.lead}</p>
${reader.role === 'analyst' && reader.scope === 'act' ? uploadForm(query, format.lang) : null}
${deliveryTable(items, format)}
${next ? markup`<p><a href="/imports?${new URLSearchParams({ cursor: next }).toString()}">${words.older}</a></p>` : null}`,
    }
  })
  definePage(app, '/imports/:delivery', [], async ({ ask, format, params }) => {
    const words = importWords[format.lang]
    const path = { delivery: numberIn(params.delivery) }
    const delivery = await ask.get('/v1/deliveries/{delivery}', { path })
    const { items: practices } = await ask.get('/v1/deliveries/{delivery}/practices', { path })
    return {
      title: words.deliveryOf(format.day(delivery.delivered_on)),
      place: 'imports',
      path: [{ title: words.title, href: '/imports' }],
      body: deliveryBody(delivery, practices, await practiceNames(ask), format),
    }
  })
  definePage(app, '/imports/:delivery/profile', [], async ({ ask, format, params }) => {
    const words = importWords[format.lang]
    const delivery = await ask.get('/v1/deliveries/{delivery}', { path: { delivery: numberIn(params.delivery) } })
    const on = delivery.delivered_on
    return {
      title: words.profile,
      place: 'imports',
      path: [
        { title: words.title, href: '/imports' },
        { title: words.deliveryOf(format.day(on)), href: `/imports/${params.delivery}` },
      ],
      body: await profileBody(ask, on, format),
    }
  })
  for (const kind of ['rejects', 'warnings'] as const)
    defineFile(app, `/imports/:delivery/${kind}`, [], async ({ ask, params }) => ({
      type: 'text/csv; charset=utf-8',
      name: `${kind}-${params.delivery}.csv`,
      bytes: await ask.text(`/v1/deliveries/{delivery}/${kind}`, { path: { delivery: numberIn(params.delivery) } }),
    }))
  defineFile(app, '/imports/:delivery/practices/:practice', [], async ({ ask, params, lang }) => ({
    type: 'text/csv; charset=utf-8',
    name: `${params.delivery}-${params.practice}.csv`,
    bytes: await ask.text('/v1/deliveries/{delivery}/practices/{practice}', {
      path: { delivery: numberIn(params.delivery), practice: params.practice },
      query: { lang },
    }),
  }))
}

/** The number of a delivery in an address; what is none there is no delivery of. */
const numberIn = (text: string): number => (/^[1-9]\d{0,8}$/.test(text) ? Number(text) : 999_999_999)

const sumsOf = ({ files }: Pick<Delivery, 'files'>) => ({
  rows: files.reduce((sum, file) => sum + file.rows, 0),
  rejected: files.reduce((sum, file) => sum + file.rejected, 0),
})

function deliveryTable(items: readonly Delivery[], format: Format): Html {
  const words = importWords[format.lang]
  return tableOf(
    {
      caption: words.caption,
      columns: [text(words.day), numeric(words.files), numeric(words.rows), numeric(words.rejected)],
      rows: items.map((delivery) => [
        markup`<a href="/imports/${delivery.delivery_id}">${format.day(delivery.delivered_on)}</a>`,
        format.count(delivery.files.length),
        format.count(sumsOf(delivery).rows),
        format.count(sumsOf(delivery).rejected),
      ]),
      empty: words.empty,
    },
    format.lang,
  )
}

function deliveryBody(
  delivery: Delivery,
  practices: readonly Practice[],
  names: ReadonlyMap<string, string>,
  format: Format,
): Html {
  const words = importWords[format.lang]
  const { rows, rejected } = sumsOf(delivery)
  const here = `/imports/${delivery.delivery_id}`
  return markup`${tilesOf([
    { label: words.rows, value: format.count(rows) },
    { label: words.rejected, value: format.count(rejected), note: rows > 0 ? format.percent(rejected / rows) : '' },
    { label: words.practices, value: format.count(practices.length) },
  ])}
<h2>${words.practices}</h2>
${practiceTable(practices, names, here, format)}
<ul class="plain">
<li><a href="${here}/rejects" download>${words.rejects}</a></li>
<li><a href="${here}/warnings" download>${words.warnings}</a></li>
<li><a href="${here}/profile">${words.profile}</a></li>
</ul>
<h2>${words.files}</h2>
${tableOf(
  {
    caption: words.fileCaption,
    columns: [text(words.fileName), numeric(words.rows), numeric(words.rejected), numeric(words.share)],
    rows: delivery.files.map((file) => [
      file.name,
      format.count(file.rows),
      format.count(file.rejected),
      file.rows > 0 ? `${format.number((file.rejected / file.rows) * 100, 1)}%` : '',
    ]),
    total: [words.total, format.count(rows), format.count(rejected), ''],
  },
  format.lang,
)}
<p class="soft">${words.hash}: <code>${delivery.content_sha256}</code></p>`
}

function practiceTable(
  practices: readonly Practice[],
  names: ReadonlyMap<string, string>,
  here: string,
  format: Format,
): Html {
  const words = importWords[format.lang]
  const sum = (of: 'rejected' | 'kept') => practices.reduce((all, practice) => all + practice[of], 0)
  return tableOf(
    {
      caption: words.practicesCaption,
      columns: [text(words.practice), numeric(words.rejected), numeric(words.kept), text(words.file)],
      rows: practices.map(({ practice_id: id, rejected, kept }) => {
        const name = id === '' ? words.noPractice : (names.get(id) ?? id)
        const address = `${here}/practices/${id === '' ? '-' : encodeURIComponent(id)}`
        return [
          name,
          format.count(rejected),
          format.count(kept),
          markup`<a href="${address}" download>${words.download(id === '' ? words.noPractice : id)}</a>`,
        ]
      }),
      total: [words.total, format.count(sum('rejected')), format.count(sum('kept')), ''],
      empty: words.noFaults,
    },
    format.lang,
  )
}

async function practiceNames(ask: Ask): Promise<ReadonlyMap<string, string>> {
  const partners = await ask.all('/v1/partners', {})
  return new Map(partners.map(({ partner_id: id, name }) => [id, name]))
}

async function profileBody(ask: Ask, on: string, format: Format): Promise<Html> {
  const [profile, programmes, names] = await Promise.all([
    ask.get('/v1/deliveries/profile', { query: { delivered_on: on } }),
    ask.all('/v1/programmes', {}),
    practiceNames(ask),
  ])
  const titles = programmes.flatMap(({ measures }) => measures.map(({ measure, title }) => [measure, title]))
  const view = inWords(
    profile as unknown as Parameters<typeof inWords>[0], // its rows are said to be open mappings
    { names: Object.fromEntries(names), titles: Object.fromEntries(titles) as Parameters<typeof inWords>[1]['titles'] },
    format.lang,
  )
  return markup`<p>${view.words.intro}</p>
${profileSections(view).map(({ id, title, body }) => markup`<h2 id="${id}">${title}</h2>${body}`)}`
}
