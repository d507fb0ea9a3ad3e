/** Contracts: their terms in sentences, when what counts, what was settled; a form that takes the YAML, and one that begins a run. */
import type { FastifyInstance } from 'fastify'
import { addYears, dayOf, epochDayOf, type Day } from '../../../../engine/kernel/calendar.ts'
import { timelineChart, type Span } from '../../../report/charts/timeline-chart.ts'
import { markup, type Html } from '../../../report/elements/html.ts'
import type { Format } from '../../../report/words/format.ts'
import { ApiProblem, type AnswerOf, type Ask } from '../../ask.ts'
import { defineForm, definePage, type Asked } from '../../define.ts'
import { figureOf } from '../../elements/figure.ts'
import { fieldOf, formOf } from '../../elements/form.ts'
import { notice } from '../../elements/notice.ts'
import { tableOf, text } from '../../elements/table.ts'
import { sentenceOf } from '../../errors.ts'
import type { View } from '../../frame.ts'
import { frameWords } from '../../words/frame.ts'
import { contractWords } from '../../words/sources/contracts.ts'
import { clausesOf, termTable } from './terms.ts'

type Contract = AnswerOf<'/v1/contracts/{contract}', 'get'>
type Head = AnswerOf<'/v1/settlements', 'get'>['items'][number]

export async function contracts(app: FastifyInstance): Promise<void> {
  definePage(app, '/contracts', [], async ({ ask, format, reader }) => {
    const words = contractWords[format.lang]
    const items = await ask.all('/v1/contracts', {})
    const rows = items.map(({ contract, title, programme, period }) => [
      markup`<a href="/contracts/${encodeURIComponent(contract)}">${contract}</a>`,
      title,
      programme,
      `${format.day(period.start)} – ${format.day(period.end)}`,
    ])
    const columns = [words.contract, words.name, words.programme, words.period].map(text)
    return {
      title: words.title,
      place: 'contracts',
      body: markup`<p>${words.lead}</p>
${tableOf({ caption: words.caption, columns, rows, empty: words.empty }, format.lang)}
${reader.role === 'analyst' ? markup`<p><a href="/contracts/new">${words.add}</a></p>` : null}`,
    }
  })
  definePage(app, '/contracts/new', ['from'], async ({ ask, format, query }) => {
    const from = query.from ? await ask.get('/v1/contracts/{contract}', { path: { contract: query.from } }) : null
    return newContract(format, from?.yaml ?? '')
  })
  defineForm(app, '/contracts', ['yaml'], async ({ ask, fields, format, key }) => {
    // A browser ends the lines of a text as mail does.
    const yaml = fields.yaml.replaceAll('\r\n', '\n')
    try {
      const { contract } = await ask.handInContract(yaml, key)
      return { to: `/contracts/${encodeURIComponent(contract)}` }
    } catch (error) {
      if (!(error instanceof ApiProblem) || ![400, 422].includes(error.problem.status)) throw error
      return { ...newContract(format, yaml, error.problem), status: 422 }
    }
  })
  definePage(app, '/contracts/:contract', [], contractPage)
  defineForm(app, '/contracts/:contract/runs', ['as_of'], async (sent) => {
    const { ask, params, fields, key, format } = sent
    try {
      const body = fields.as_of === '' ? {} : { as_of: fields.as_of }
      const { job_id: id } = await ask.post('/v1/contracts/{contract}/runs', { path: params, body, key })
      return { to: `/jobs/${id}` }
    } catch (error) {
      if (!(error instanceof ApiProblem) || error.problem.status >= 500) throw error
      const { problem } = error
      const told = markup`<strong>${contractWords[format.lang].refused}</strong>
<p>${sentenceOf(problem, format.lang)}</p><p lang="en">${problem.detail}</p>`
      const view = await contractPage(sent)
      return { ...view, status: problem.status, body: markup`${notice('fault', told)}${view.body}` }
    }
  })
}

/** A fault of a contract as the API tells it. */
interface Fault {
  readonly sentence: string
  readonly line?: number
}

function newContract(format: Format, yaml: string, problem?: ApiProblem['problem']): View {
  const words = contractWords[format.lang]
  const { faults, line } = (problem?.facts ?? {}) as { readonly faults?: readonly Fault[]; readonly line?: number }
  const told: readonly Fault[] = faults ?? (problem ? [{ sentence: problem.detail, ...(line ? { line } : {}) }] : [])
  const typed = yaml.split('\n')
  return {
    title: words.newTitle,
    place: 'contracts',
    path: [{ title: words.title, href: '/contracts' }],
    body: markup`<p>${words.newLead}</p>
${
  told.length > 0
    ? notice(
        'fault',
        markup`<strong>${words.faults}</strong><ul>${told.map(
          (
            fault,
          ) => markup`<li>${fault.line === undefined ? null : markup`<strong>${words.line(fault.line)}</strong> <code>${typed[fault.line - 1]?.trim() ?? ''}</code><br>`}
<span lang="en">${fault.sentence}</span></li>`,
        )}</ul>`,
      )
    : null
}
${formOf({
  id: 'contract',
  action: '/contracts',
  fields: fieldOf({ name: 'yaml', label: words.yaml, rows: 32, required: true, value: yaml }),
  button: words.keep,
})}`,
  }
}

async function contractPage({ ask, format, reader, params }: Asked<'contract', never>): Promise<View> {
  const words = contractWords[format.lang]
  const contract = await ask.get('/v1/contracts/{contract}', { path: params })
  const [titleOf, items] = await Promise.all([
    titlesFor(ask, contract.programme, format),
    ask.all('/v1/settlements', { query: { contract: contract.contract } }),
  ])
  const spans = spansOf(contract, titleOf, format)
  const mayRun = reader.role === 'analyst' && reader.scope === 'act'
  return {
    title: contract.title,
    place: 'contracts',
    path: [{ title: words.title, href: '/contracts' }],
    body: markup`<p><code>${contract.contract}</code> · ${contract.programme}</p>
<h2>${words.timeline}</h2>
${spans.length > 0 ? figureOf(words.timeline, timelineChart('timeline', words.timeline, spans)) : null}
${spanTable(spans, format)}
<p>${words.resultsOf} ${words.disputeTerm}</p>
<h2>${words.settlements}</h2>
${settledTable(items, format)}
${mayRun ? runForm(contract, format) : null}
<h2>${words.terms}</h2>
${termTable(contract.yaml, titleOf, format)}
<p class="soft">${words.hash}: <code>${contract.contract_sha256}</code></p>
${mayRun ? markup`<p><a href="/contracts/new?from=${encodeURIComponent(contract.contract_sha256)}">${words.start}</a></p>` : null}`,
  }
}

async function titlesFor(ask: Ask, programme: string, format: Format): Promise<(measure: string) => string> {
  const items = await ask.all('/v1/programmes', {})
  const measures = items.find((each) => each.programme === programme)?.measures ?? []
  return (name) => measures.find(({ measure }) => measure === name)?.title[format.lang] ?? name
}

/** The days that a contract names, and those that follow: placebo years are the three before it, as far as the reference holds them. */
function spansOf({ yaml, period }: Contract, titleOf: (measure: string) => string, format: Format): Span[] {
  const words = contractWords[format.lang]
  const clauses = new Map(clausesOf(yaml).map(({ key, value }) => [key, value]))
  const days = (key: string) => clauses.get(key) as { readonly start: string; readonly end: string } | undefined
  const [reference, term] = [days('reference'), days('term')]
  // The API keeps no contract that breaks its own rules.
  const outcomes = (clauses.get('outcomes') ?? []) as readonly Readonly<Record<string, unknown>>[]
  const placebo = [3, 2, 1].flatMap((before) => {
    const start = addYears(period.start as Day, -before)
    const end = addYears(period.end as Day, -before)
    return reference && start >= reference.start ? [{ name: words.placebo(before), start, end, isMain: false }] : []
  })
  const results = outcomes.map((outcome) => {
    const [horizon, room] = [Number(outcome.horizon_days), Number(outcome.window_days)]
    const first = epochDayOf(period.start as Day) + horizon
    return {
      name: words.measuring(titleOf(outcome.measure as string)),
      start: dayOf(first - room),
      end: dayOf(first + room),
      isMain: false,
    }
  })
  return [
    ...(reference ? [{ name: words.reference, start: reference.start, end: reference.end, isMain: false }] : []),
    ...placebo,
    ...(term ? [{ name: words.termLine, start: term.start, end: term.end, isMain: false }] : []),
    { name: words.periodLine, start: period.start, end: period.end, isMain: true },
    ...results,
  ]
}

function spanTable(spans: readonly Span[], format: Format): Html {
  const words = contractWords[format.lang]
  return tableOf(
    {
      caption: words.timeline,
      columns: [words.what, words.from, words.until].map(text),
      rows: spans.map(({ name, start, end }) => [name, format.day(start), format.day(end)]),
    },
    format.lang,
  )
}

function settledTable(items: readonly Head[], format: Format): Html {
  const words = contractWords[format.lang]
  const { states } = frameWords[format.lang]
  return tableOf(
    {
      caption: words.settlementsCaption,
      columns: [words.asOf, words.period, words.state].map(text),
      rows: items.map(({ settlement_id: id, as_of: asOf, period_start: start, state }) => [
        markup`<a href="/settlements/${id}">${format.day(asOf)}</a>`,
        start ? format.day(start) : '',
        states[state] ?? state,
      ]),
      empty: words.none,
    },
    format.lang,
  )
}

function runForm({ contract }: Contract, format: Format): Html {
  const words = contractWords[format.lang]
  return markup`<section class="card"><h2>${words.run}</h2>${formOf({
    id: 'run',
    action: `/contracts/${encodeURIComponent(contract)}/runs`,
    fields: fieldOf({ name: 'as_of', label: words.runAsOf, type: 'date', hint: words.runHint }),
    button: words.runButton,
  })}</section>`
}
