/** The region: who takes part, and what is measured. */
import type { FastifyInstance } from 'fastify'
import { markup, type Html } from '../../../report/elements/html.ts'
import { unitText } from '../../../report/elements/view.ts'
import type { Format } from '../../../report/words/format.ts'
import type { AnswerOf, Ask } from '../../ask.ts'
import { definePage } from '../../define.ts'
import { notice } from '../../elements/notice.ts'
import { numeric, tableOf, text } from '../../elements/table.ts'
import { regionWords } from '../../words/sources/region.ts'

type Programme = AnswerOf<'/v1/programmes', 'get'>['items'][number]
type Partner = AnswerOf<'/v1/partners', 'get'>['items'][number]

export async function region(app: FastifyInstance): Promise<void> {
  definePage(app, '/region', [], async ({ ask, format, reader }) => {
    const words = regionWords[format.lang]
    return {
      title: words.title(reader.region),
      place: 'region',
      body:
        reader.role === 'administrator'
          ? notice('empty', words.admin)
          : markup`<p>${words.lead}</p>${await regionBody(ask, format)}`,
    }
  })
}

async function regionBody(ask: Ask, format: Format): Promise<Html> {
  const words = regionWords[format.lang]
  const [deliveries, programmes] = await Promise.all([
    ask.get('/v1/deliveries', { query: { limit: 1 } }),
    ask.all('/v1/programmes', {}),
  ])
  const [last] = deliveries.items
  if (!last) return notice('empty', markup`<a href="/imports">${words.nothing}</a>`)
  const partners = await ask.all('/v1/partners', {})
  return markup`<p><a href="/imports/${last.delivery_id}">${words.last(format.day(last.delivered_on))}</a></p>
<h2>${words.partners}</h2>
${partnerTable(partners, format)}
<h2>${words.measures}</h2>
${programmes.map((programme) => measureTable(programme, format))}`
}

function partnerTable(partners: readonly Partner[], format: Format): Html {
  const words = regionWords[format.lang]
  const names = new Map(partners.map(({ partner_id: id, name }) => [id, name]))
  return tableOf(
    {
      caption: words.partnersCaption,
      columns: [words.partner, words.kind, words.agb, words.memberOf].map(text),
      rows: partners.map(({ name, kind, agb, member_of: group }) => [
        name,
        words.kinds[kind] ?? kind.replaceAll('_', ' '),
        agb ?? '',
        group === null ? '' : (names.get(group) ?? group),
      ]),
      empty: words.noPartners,
    },
    format.lang,
  )
}

function measureTable({ title, measures }: Programme, format: Format): Html {
  const words = regionWords[format.lang]
  return tableOf(
    {
      caption: words.measuresCaption(title[format.lang]),
      columns: [
        text(words.measure),
        text(words.unit),
        text(words.better),
        numeric(words.plausible),
        numeric(words.mcid),
      ],
      rows: measures.map(({ title: name, unit, better, plausible, mcid }) => [
        name[format.lang],
        unitText(unit, format.lang),
        words.ways[better] ?? better,
        plausible.map((end) => format.number(end, Number.isInteger(end) ? 0 : 1)).join(' – '),
        mcid === null ? '' : format.number(mcid, Number.isInteger(mcid) ? 0 : 2),
      ]),
    },
    format.lang,
  )
}
