/** A question with its plan, and its answer once somebody opened it: tables without small groups, intervals, files, how to cite. */
import type { FastifyInstance } from 'fastify'
import { intervalChart } from '../../../report/charts/interval-chart.ts'
import { markup, type Html } from '../../../report/elements/html.ts'
import type { Format } from '../../../report/words/format.ts'
import { ApiProblem, type AnswerOf, type Ask } from '../../ask.ts'
import { defineFile, defineForm, definePage } from '../../define.ts'
import { figureOf } from '../../elements/figure.ts'
import { formOf } from '../../elements/form.ts'
import { notice } from '../../elements/notice.ts'
import { numeric, tableOf, text } from '../../elements/table.ts'
import { saidOf } from '../../errors.ts'
import { researchWords } from '../../words/research.ts'
import { signatory } from '../../elements/signatory.ts'

type Question = AnswerOf<'/v1/questions/{question}', 'get'>
type Answer = Extract<AnswerOf<'/v1/questions/{question}/answer', 'get'>, { rows: unknown }>
type Row = Answer['rows'][number]
type Measures = AnswerOf<'/v1/programmes/{programme}', 'get'>['measures']

const FILES = {
  csv: 'text/csv; charset=utf-8; header=present',
  parquet: 'application/vnd.apache.parquet',
  arrow: 'application/vnd.apache.arrow.file',
} as const
type Kind = keyof typeof FILES

export async function researchAnswer(app: FastifyInstance): Promise<void> {
  definePage(app, '/research/:question', [], async ({ ask, reader, format, params }) => {
    const words = researchWords[format.lang]
    const question = await ask.get('/v1/questions/{question}', { path: params })
    const path = [{ title: words.title, href: '/research' }]
    const shown =
      question.answered_at !== null
        ? await answerOf(ask, question, format)
        : reader.role === 'researcher'
          ? markup`<p>${words.openLead}</p>${formOf({ id: 'open', action: `/research/${question.question_id}`, fields: null, button: words.open })}`
          : notice('empty', words.onlyResearcher)
    return {
      title: question.title,
      place: 'research',
      path,
      body: markup`${planOf(question, format)}<h2>${words.answer}</h2>${shown}`,
    }
  })

  // Opening is an act of its own: a link that is followed opens nothing.
  defineForm(app, '/research/:question', [], async ({ ask, format, params }) => {
    const words = researchWords[format.lang]
    try {
      await ask.get('/v1/questions/{question}/answer', { path: params })
      return { to: `/research/${params.question}` }
    } catch (error) {
      if (!(error instanceof ApiProblem) || error.problem.status === 401) throw error
      const question = await ask.get('/v1/questions/{question}', { path: params })
      return {
        title: question.title,
        place: 'research',
        status: 422,
        path: [{ title: words.title, href: '/research' }],
        body: markup`${planOf(question, format)}<h2>${words.cannot}</h2>${saidOf(error.problem, format.lang)}`,
      }
    }
  })

  for (const kind of Object.keys(FILES) as Kind[])
    defineFile(app, `/research/:question/answer.${kind}`, [], async ({ ask, params }) => ({
      type: FILES[kind],
      name: `answer-${params.question.slice(0, 16)}.${kind}`,
      bytes: Buffer.from(
        await ask.bytes('/v1/questions/{question}/answer', {
          path: { question: params.question },
          query: { format: kind },
        }),
      ),
    }))
}

function planOf(question: Question, format: Format): Html {
  const words = researchWords[format.lang]
  const by = question.by.map((name) => words.dimensions[name] ?? name).join(', ')
  const facts = [
    [words.contract, question.contract],
    [words.hypothesis, question.hypothesis],
    [words.outcome, question.outcome],
    [words.groups, question.groups],
    [words.analysis, question.analysis],
    [words.measure, question.measures.join(', ') || words.allMeasures],
    [words.by, by || words.nothing],
    [words.askedAt, format.day(question.asked_at.slice(0, 10))],
    [words.askedBy, signatory(question.asked_by, format.lang)],
  ]
  return markup`<section class="card"><h2>${words.plan}</h2>
<dl class="facts">${facts.map(([head, what]) => markup`<dt>${head}</dt><dd>${what}</dd>`)}</dl></section>`
}

async function answerOf(ask: Ask, question: Question, format: Format): Promise<Html> {
  const words = researchWords[format.lang]
  const id = question.question_id
  const text = await ask.text('/v1/questions/{question}/answer', { path: { question: id } })
  const answer = JSON.parse(text) as Answer
  const { measures } = await ask.get('/v1/programmes/{programme}', { path: { programme: answer.programme } })
  const named = [...new Set(answer.rows.map(({ measure }) => measure))]
  return markup`${answer.rows.length === 0 ? notice('empty', words.empty(answer.smallest_group)) : notice('warning', words.heldBack(answer.smallest_group))}
${named.map((measure) => measureOf(measure, answer, measures, format))}
<h2>${words.files}</h2>
<p class="files">${(Object.keys(FILES) as Kind[]).map((kind) => markup`<a href="/research/${id}/answer.${kind}" download>${kind === 'csv' ? 'CSV' : kind === 'parquet' ? 'Parquet' : 'Arrow'}</a> `)}
<a href="/research/dictionary">${words.dictionary}</a></p>
<h2>${words.cite}</h2>
<p>${words.citeLead}</p><pre lang="en">${answer.cite}</pre>
<dl class="facts"><dt>${words.period}</dt><dd>${format.day(answer.period.start)} ${words.to} ${format.day(answer.period.end)}</dd>
<dt>${words.asOf}</dt><dd>${format.day(answer.as_of)}</dd><dt>${words.settlement}</dt><dd><code>${answer.settlement_id}</code></dd></dl>`
}

/** Of one measure its table and its chart. */
function measureOf(measure: string, { rows, by }: Answer, measures: Measures, format: Format): Html {
  const words = researchWords[format.lang]
  const of = rows.filter((row) => row.measure === measure)
  const title = measures.find((each) => each.measure === measure)?.title[format.lang] ?? measure
  const [unit, d] = [of[0]?.unit ?? '', decimalsOf(of)]
  const interval = (low: number | null, high: number | null) =>
    low === null || high === null ? words.notTold : `${format.number(low, d)} – ${format.number(high, d)}`
  const valueAt = (row: Row, dimension: string): string => {
    const value = (row as Readonly<Record<string, unknown>>)[dimension]
    return typeof value === 'string' ? (words.values[value] ?? value) : ''
  }
  const nameOf = (row: Row): string => by.map((dimension) => valueAt(row, dimension)).join(', ') || words.whole
  const heads = by.length === 0 ? [''] : by.map((dimension) => words.dimensions[dimension] ?? dimension)
  const chart = intervalChart({
    id: `gain-${measure}`,
    label: words.chart(title),
    axis: words.axis(unit),
    tick: (value) => format.number(value, 1),
    lines: of.map((row) => ({
      name: nameOf(row),
      low: row.gain_lower,
      value: row.gain_mean,
      high: row.gain_upper,
      note: words.people(format.count(row.measured)),
    })),
  })
  return markup`<h3>${title}</h3>
${tableOf(
  {
    caption: words.caption(title, unit),
    columns: [
      ...heads.map(text),
      ...[words.measured, words.eligible, words.expected, words.realised, words.gain, words.interval].map(numeric),
      ...[words.contribution, words.interval].map(numeric),
    ],
    rows: of.map((row) => [
      ...(by.length === 0 ? [words.whole] : by.map((dimension) => valueAt(row, dimension))),
      format.count(row.measured),
      row.eligible === null ? words.notTold : format.count(row.eligible),
      format.number(row.expected_raw_mean, d),
      format.number(row.realised_raw_mean, d),
      format.signed(row.gain_mean, d),
      interval(row.gain_lower, row.gain_upper),
      row.contribution_mean === null ? words.notTold : format.signed(row.contribution_mean, d),
      interval(row.contribution_lower, row.contribution_upper),
    ]),
  },
  format.lang,
)}
${figureOf(words.chart(title), chart)}`
}

/** As many decimals as the means of the answer were rounded to (docs/research.md, Rounding). */
const decimalsOf = (rows: readonly Row[]): number =>
  Math.max(1, ...rows.map(({ realised_raw_mean: mean }) => (String(mean).split('.')[1] ?? '').length))
