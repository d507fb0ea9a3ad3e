/** Models: the card in words, whether it still holds, and the judgement of an analyst. */
import type { FastifyInstance } from 'fastify'
import { dayOf } from '../../../../engine/kernel/calendar.ts'
import { driftChart } from '../../../report/charts/drift-chart.ts'
import { reliabilityChart } from '../../../report/charts/reliability-chart.ts'
import { isDisclosed, reportCardOf, sharesOf, tenthsOf, type ReportCard } from '../../../report/elements/card.ts'
import { markup, type Html } from '../../../report/elements/html.ts'
import { unitText, type View as Statement } from '../../../report/elements/view.ts'
import { en } from '../../../report/words/en.ts'
import type { Format } from '../../../report/words/format.ts'
import { nl } from '../../../report/words/nl.ts'
import { ApiProblem, type AnswerOf, type Ask } from '../../ask.ts'
import { defineForm, definePage, type Asked } from '../../define.ts'
import { figureOf } from '../../elements/figure.ts'
import { fieldOf, formOf } from '../../elements/form.ts'
import { notice } from '../../elements/notice.ts'
import { numeric, tableOf, text } from '../../elements/table.ts'
import { sentenceOf } from '../../errors.ts'
import type { View } from '../../frame.ts'
import { modelWords } from '../../words/sources/models.ts'

type Head = AnswerOf<'/v1/models', 'get'>['items'][number]
type Model = AnswerOf<'/v1/models/{model}', 'get'>
/** What the statement's charts and words need to know of it. */
type Said = Pick<Statement, 'words' | 'format' | 'titleOf' | 'unitOf'>

export async function models(app: FastifyInstance): Promise<void> {
  definePage(app, '/models', [], async ({ ask, format }) => {
    const words = modelWords[format.lang]
    const said = await saidOf(ask, format)
    const items = await ask.all('/v1/models', {})
    return { title: words.title, place: 'models', body: markup`<p>${words.lead}</p>${modelTable(items, said)}` }
  })
  definePage(app, '/models/:model', [], modelPage)
  defineForm(app, '/models/:model/decisions', ['state', 'reason'], async (sent) => {
    const { ask, params, fields, key, format } = sent
    const state = fields.state === 'retired' ? 'retired' : 'payable'
    try {
      await ask.post('/v1/models/{model}/decisions', { path: params, body: { state, reason: fields.reason }, key })
    } catch (error) {
      if (!(error instanceof ApiProblem) || error.problem.status >= 500) throw error
      const { problem } = error
      const told = markup`<strong>${modelWords[format.lang].refused}</strong>
<p>${sentenceOf(problem, format.lang)}</p><p lang="en">${problem.detail}</p>`
      return { ...(await modelPage(sent, { told, state, reason: fields.reason })), status: problem.status }
    }
    return { to: `/models/${params.model}` }
  })
}

/** The words of the statement, with the titles and units of the region's measures. */
async function saidOf(ask: Ask, format: Format): Promise<Said> {
  const items = await ask.all('/v1/programmes', {})
  const measures = new Map(
    items.flatMap((programme) => programme.measures.map((each) => [each.measure, each] as const)),
  )
  return {
    words: format.lang === 'nl' ? nl : en,
    format,
    titleOf: (name) => titleIn(measures, name, format.lang),
    unitOf: (name) => unitText(measures.get(baseOf(name))?.unit ?? '', format.lang),
  }
}

/** The measure of a model whose results lie more years ahead: `hba1c` of `hba1c.1`. */
const baseOf = (name: string): string => name.replace(/\.\d+$/, '')

function titleIn(
  measures: ReadonlyMap<string, { readonly title: { readonly nl: string; readonly en: string } }>,
  name: string,
  lang: Format['lang'],
): string {
  const title = measures.get(baseOf(name))?.title[lang] ?? baseOf(name)
  const years = /\.(\d+)$/.exec(name)?.[1]
  return years === undefined ? title : `${title} (+${years})`
}

function modelTable(items: readonly Head[], { words: report, titleOf, format }: Said): Html {
  const words = modelWords[format.lang]
  return tableOf(
    {
      caption: words.caption,
      columns: [words.measure, words.programme, words.state, words.checks, words.mark].map(text),
      rows: items.map(({ model_id: id, measure, programme, state, checks }) => [
        markup`<a href="/models/${id}">${titleOf(measure)}</a>`,
        programme,
        report.statesOfModel[state],
        words.checksOf(
          format.count(checks.filter(({ verdict }) => verdict === 'holds').length),
          format.count(checks.length),
        ),
        markup`<code>${id.slice(0, 12)}</code>`,
      ]),
      empty: words.empty,
    },
    format.lang,
  )
}

interface Refused {
  readonly told: Html
  readonly state: string
  readonly reason: string
}

async function modelPage({ ask, format, reader, params }: Asked<'model', never>, refused?: Refused): Promise<View> {
  const words = modelWords[format.lang]
  const [model, said, settlements] = await Promise.all([
    ask.get('/v1/models/{model}', { path: params }),
    saidOf(ask, format),
    ask.get('/v1/settlements', { query: { limit: 200 } }),
  ])
  const seen = new Set(settlements.items.map(({ settlement_id: id }) => id))
  const card = reportCardOf(model.card)
  const mayDecide = reader.role === 'analyst' && reader.scope === 'act'
  return {
    title: words.of(said.titleOf(model.measure)),
    place: 'models',
    path: [{ title: words.title, href: '/models' }],
    body: markup`${refused ? notice('fault', refused.told) : null}
<p><strong>${said.words.statesOfModel[model.state]}</strong> · ${model.programme} · <code>${model.model_id.slice(0, 12)}</code></p>
${cardInWords(card, said)}
${checkTable(card, said)}
${tenthsOf(card).length < 2 ? null : markup`<div class="half">${figureOf(words.reliability, reliabilityChart(said, card, 'reliability'))}</div>`}
${tenthTable(card, said)}
<h2 id="drift">${said.words.driftTitle}</h2>
${driftOf(model, seen, said)}
${mayDecide ? decideForm(model, format, refused) : null}
<h2>${words.decided}</h2>
${decisionTable(model, said)}`,
  }
}

const percent1 = (format: Format, share: number): string => `${format.number(share * 100, 1)}%`

/** What was learned, from whom, and how well it holds. */
function cardInWords(card: ReportCard, { words: report, format, unitOf }: Said): Html {
  const words = modelWords[format.lang]
  const [from, to] = card.window ?? []
  const checkOf = (name: string) => card.validation?.checks.find(({ check }) => check === name)
  const [slope, cover] = [checkOf('calibration slope'), checkOf('cover of the 90% interval')]
  const sentences = [
    from === undefined || to === undefined
      ? null
      : words.learned(
          format.count(card.landmarks),
          format.count(card.patients),
          format.day(dayOf(from)),
          format.day(dayOf(to)),
        ),
    words.error(format.number(card.blend.mae, 2), unitOf(card.spec.measure)),
    slope?.interval
      ? words.slope(...([slope.found, ...slope.interval].map((x) => format.number(x, 3)) as [string, string, string]))
      : null,
    words.cover(percent1(format, card.blend.cover90)),
    cover?.interval
      ? words.coverWorst(
          ...([cover.found ?? 0, ...cover.interval].map((x) => percent1(format, x)) as [string, string, string]),
        )
      : null,
    words.weights(
      sharesOf(card)
        .map(({ name, weight }) => `${report.families[name] ?? name} ${format.percent(weight)}`)
        .join(', '),
    ),
  ]
  const warnings = (card.warnings ?? []).map((each) =>
    typeof each === 'string' ? each : (report.warnings[each.code] ?? each.sentence),
  )
  return markup`${sentences.flatMap((sentence) => (sentence === null ? [] : [markup`<p>${sentence}</p>`]))}
${warnings.length > 0 ? notice('warning', markup`<strong>${words.advice}</strong><ul>${warnings.map((each) => markup`<li>${each}</li>`)}</ul>`) : null}`
}

function checkTable(card: ReportCard, { words, format }: Said): Html | null {
  const checks = card.validation?.checks ?? []
  if (checks.length === 0) return null
  const shown = (check: string, value: number | null): string =>
    value === null ? '–' : check === 'calibration slope' ? format.number(value, 3) : percent1(format, value)
  return markup`<h2>${words.checksTitle}</h2><p>${words.checksIntro}</p>${tableOf(
    {
      caption: words.checksTitle,
      columns: [text(words.checkName), numeric(words.checkFound), numeric(words.checkInterval), text(words.verdict)],
      rows: checks.map(({ check, found, interval, verdict }) => [
        words.checks[check] ?? check,
        shown(check, found),
        interval === null ? '–' : words.range(shown(check, interval[0] ?? null), shown(check, interval[1] ?? null)),
        words.verdicts[verdict],
      ]),
    },
    format.lang,
  )}`
}

/** The figures behind the chart: of groups large enough to be told of. */
function tenthTable(card: ReportCard, { words, format }: Said): Html {
  return markup`<details><summary>${words.tenths}</summary>${tableOf(
    {
      caption: words.tenths,
      columns: [text(words.group), ...[words.predicted, words.observed, words.coverage90].map(numeric)],
      rows: tenthsOf(card)
        .filter(isDisclosed)
        .map((tenth) => [
          tenth.group.replace('prediction ', ''),
          format.number(tenth.expected, 2),
          format.number(tenth.realised, 2),
          percent1(format, tenth.cover90),
        ]),
      empty: '–',
    },
    format.lang,
  )}</details>`
}

/** @param seen settlements that the reader may see: to the others nothing leads */
function driftOf({ drift, measure }: Model, seen: ReadonlySet<string>, said: Said): Html {
  const { words: report, format } = said
  const words = modelWords[format.lang]
  const shown = drift.filter(({ months }) => months.length > 0)
  if (shown.length === 0) return notice('empty', words.driftNone)
  return markup`<p>${report.driftIntro}</p>${shown.map((run, i) => {
    const tested = run.months.filter(({ evidence }) => evidence !== null).length
    const title = said.titleOf(measure)
    const told = run.alarm
      ? report.driftAlarm(
          title,
          report.driftKinds[run.alarm.kind as keyof typeof report.driftKinds] ?? run.alarm.kind,
          format.day(run.alarm.month).replace(/^1 /, ''),
        )
      : tested === 0
        ? report.driftUntested(title)
        : report.driftNone(title, format.count(tested))
    const months = run.months.map((each) => ({ side: each.side, month: each.month, biasSd: each.bias_sd }))
    const of = words.driftOf(format.day(run.as_of))
    return markup`<h3>${seen.has(run.settlement_id) ? markup`<a href="/settlements/${run.settlement_id}">${of}</a>` : of}</h3>
${notice(run.alarm ? 'warning' : 'good', told)}
<div class="half">${figureOf(report.driftCaption, driftChart(said, { id: `drift-${i}`, measure, months }))}</div>
<details><summary>${report.driftMonths}</summary>${monthTable(run.months, said)}</details>`
  })}`
}

function monthTable(months: Model['drift'][number]['months'], { words, format }: Said): Html {
  return tableOf(
    {
      caption: words.driftMonths,
      columns: [text(words.driftMonths), ...[words.cases, words.bias, words.biasSd, words.evidence].map(numeric)],
      rows: months.map((each) => [
        `${format.day(each.month).replace(/^1 /, '')}, ${words.sides[each.side]}`,
        format.count(each.measured),
        format.signed(each.bias, 2),
        format.signed(each.bias_sd, 2),
        format.number(each.evidence, 1),
      ]),
    },
    format.lang,
  )
}

function decideForm({ model_id: id, state }: Model, format: Format, refused?: Refused): Html {
  const words = modelWords[format.lang]
  const options: (readonly [string, string])[] = [['retired', words.retired]]
  if (state !== 'draft' && state !== 'retired')
    options.unshift(['payable', state === 'payable' ? words.again : words.payable])
  return markup`<h2 id="decide">${words.decide}</h2><section class="card">
${state === 'draft' ? markup`<p>${words.notYet}</p>` : null}
${formOf({
  id: 'decision',
  action: `/models/${id}/decisions`,
  fields: [
    fieldOf({ name: 'state', label: words.decision, options, value: refused?.state ?? '' }),
    fieldOf({
      name: 'reason',
      label: words.reason,
      rows: 3,
      required: true,
      hint: words.reasonHint,
      value: refused?.reason ?? '',
    }),
    markup`<p class="hint">${words.signHint}</p>`,
  ],
  button: words.sign,
})}</section>`
}

function decisionTable({ decisions }: Model, { words: report, format }: Said): Html {
  const words = modelWords[format.lang]
  return tableOf(
    {
      caption: words.decidedCaption,
      columns: [words.state, words.by, words.on, words.reason].map(text),
      rows: decisions.map(({ state, by, on, reason }) => [report.statesOfModel[state], by, format.day(on), reason]),
    },
    format.lang,
  )
}
