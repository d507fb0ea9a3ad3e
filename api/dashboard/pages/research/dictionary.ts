/** The data dictionary of research: columns of an answer, measures of the programmes. */
import type { FastifyInstance } from 'fastify'
import { markup } from '../../../report/elements/html.ts'
import type { Format } from '../../../report/words/format.ts'
import { definePage } from '../../define.ts'
import { numeric, tableOf, text } from '../../elements/table.ts'
import { dictionaryWords } from '../../words/dictionary.ts'
import { researchWords } from '../../words/research.ts'

export async function dictionary(app: FastifyInstance): Promise<void> {
  definePage(app, '/research/dictionary', [], async ({ ask, format }) => {
    const { lang } = format
    const words = dictionaryWords[lang]
    const items = await ask.all('/v1/programmes', {})
    const columns = tableOf(
      {
        caption: words.caption,
        columns: [words.column, words.what, words.unit].map(text),
        rows: words.lines.map(([name, what, unit]) => [markup`<code>${name}</code>`, what, unit]),
      },
      lang,
    )
    const programmes = items.map(({ title, measures }) =>
      tableOf(
        {
          caption: words.measures(title[lang]),
          columns: [
            ...[words.measure, words.name, words.unit, words.better].map(text),
            numeric(words.plausible),
            numeric(words.matters),
          ],
          rows: measures.map((each) => [
            markup`<code>${each.measure}</code>`,
            each.title[lang],
            each.unit,
            words.betters[each.better] ?? each.better,
            each.plausible.map((end) => written(end, format)).join(` ${words.to} `),
            each.mcid === null ? '–' : written(each.mcid, format),
          ]),
        },
        lang,
      ),
    )
    return {
      title: words.title,
      place: 'research',
      path: [{ title: researchWords[lang].title, href: '/research' }],
      body: markup`<p>${words.lead}</p>${columns}<p>${words.independent}</p>${programmes}`,
    }
  })
}

/** A number with the decimals that it has. */
const written = (value: number, format: Format): string =>
  format.number(value, (String(value).split('.')[1] ?? '').length)
