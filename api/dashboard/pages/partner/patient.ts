/** One patient in a settlement: what was expected, what was reached, in words and as a chart, with the rows that it follows from; and a page to
 *  print for the patient, without money. Each look is logged by the API. */
import type { FastifyInstance } from 'fastify'
import { trajectoryChart, type Reading } from '../../../report/charts/trajectory-chart.ts'
import { markup, type Html } from '../../../report/elements/html.ts'
import type { Format } from '../../../report/words/format.ts'
import { definePage, type Asked } from '../../define.ts'
import { figureOf } from '../../elements/figure.ts'
import { formOf } from '../../elements/form.ts'
import { tableOf, text } from '../../elements/table.ts'
import type { View } from '../../frame.ts'
import { frameWords } from '../../words/frame.ts'
import { partnerWords } from '../../words/partner.ts'
import { patientWords } from '../../words/patient.ts'
import { contentionFields, type ContentionTyped } from './contention.ts'
import type { PatientRow, Receipt } from './sheets.ts'
import { settledFor, settlementPath, statementWords, type Names, type Settled } from '../settlement/settled.ts'

type AskedHere = Asked<'settlement' | 'partner' | 'patient', never>

export async function patientPage(app: FastifyInstance): Promise<void> {
  definePage(app, '/settlements/:settlement/partners/:partner/patients/:patient', [], (asked) => patientView(asked))
  definePage(app, '/settlements/:settlement/partners/:partner/patients/:patient/letter', [], letterView)
}

async function asked(asking: AskedHere): Promise<{ readonly settled: Settled; readonly receipt: Receipt }> {
  const { ask, params } = asking
  const { settlement, partner, patient } = params
  const receipt = await ask.get('/v1/settlements/{settlement}/partners/{partner}/receipt', {
    path: { settlement, partner },
    query: { patient },
  })
  return { settled: await settledFor(asking, settlement), receipt }
}

/** @param typed what a dispute was begun with, where it was sent back */
export async function patientView(asking: AskedHere, typed: Partial<ContentionTyped> = {}): Promise<View> {
  const { settled, receipt } = await asked(asking)
  const { format, params, reader } = asking
  const words = patientWords[format.lang]
  const { settlement, partner, patient } = params
  const { patients = [], rows = [] } = receipt
  const at = settlementPath(settlement, 'partners', partner)
  const [first] = patients
  return {
    title: words.title(patient),
    place: reader.role === 'partner' ? 'patients' : 'settlements',
    path: [
      { title: frameWords[format.lang].places.settlements, href: '/settlements' },
      { title: partnerWords[format.lang].page.title(settled.names.nameOf(partner)), href: at },
      { title: words.list.all, href: `${at}/patients` },
    ],
    body: markup`${first ? markup`<p class="soft">${words.about(settled.names.nameOf(first.practice_id), format.day(first.index_on), format.day(first.target_on))} ${words.list.logged}</p>` : null}
<p><a href="${at}/patients/${patient}/letter">${words.letterLink}</a></p>
${patients.map((row) => outcomeSection(row, rows, settled.names, format))}
${reader.role === 'partner' ? disputeForm(asking, { patients, names: settled.names, typed }) : null}
${rowsTable(rows, format)}`,
  }
}

/** A value with its unit, with one decimal; two where values are small. */
const valueText = (value: number | null, unit: string, format: Format): string =>
  `${format.number(value, value !== null && Math.abs(value) < 10 ? 2 : 1)}${unit === '' ? '' : ` ${unit}`}`

/** What was expected of an outcome and what was reached, in sentences. */
function sentencesOf(row: PatientRow, unit: string, format: Format): string[] {
  const words = patientWords[format.lang]
  const of = (value: number | null): string => valueText(value, unit, format)
  const expected = row.mean === null ? [] : [words.expected(of(row.mean), of(row.q05), of(row.q95))]
  if (row.status === 'missing') return [...expected, words.notMeasured, words.effect(format.euros(row.payment_eur))]
  if (row.realised === null || row.realised_on === null)
    return [...expected, words.status(statementWords[format.lang].exclusions[row.status] ?? row.status)]
  const gain = row.gain ?? 0
  const size = of(Math.abs(gain))
  return [
    ...expected,
    `${words.reached(of(row.realised), format.day(row.realised_on))} ${gain > 0 ? words.better(size) : gain < 0 ? words.worse(size) : words.same}`,
    words.effect(format.euros(row.payment_eur)),
  ]
}

function outcomeSection(row: PatientRow, rows: NonNullable<Receipt['rows']>, names: Names, format: Format): Html {
  const words = patientWords[format.lang]
  const [title, unit] = [names.titleOf(row.measure), names.unitOf(row.measure)]
  const readings = rows.flatMap(({ table, values }): Reading[] =>
    table === 'observations' && values.measure === row.measure && typeof values.value === 'number'
      ? [[String(values.observed_on).slice(0, 10), values.value]]
      : [],
  )
  readings.sort(([a], [b]) => (a < b ? -1 : 1))
  const { q05, q25, q50, q75, q95 } = row
  const chart = trajectoryChart({
    id: `trajectory-${row.measure}`,
    label: words.chart(title),
    readings,
    indexOn: row.index_on,
    targetOn: row.target_on,
    expected:
      q05 === null || q25 === null || q50 === null || q75 === null || q95 === null ? null : { q05, q25, q50, q75, q95 },
    realised: row.realised === null || row.realised_on === null ? null : [row.realised_on, row.realised],
    axis: unit === '' ? title : `${title} (${unit})`,
    tick: (value) => format.number(value, Math.abs(value) < 10 && value % 1 !== 0 ? 1 : 0),
    dayText: (day) => format.day(day).replace(/^\d+ /, ''),
    names: words.names,
  })
  return markup`<h2 id="${row.measure}">${title}</h2>
${sentencesOf(row, unit, format).map((sentence) => markup`<p>${sentence}</p>`)}
${readings.length > 0 || q50 !== null ? figureOf(words.chart(title), chart) : null}
<p class="soft">${words.bands}</p>`
}

function rowsTable(rows: NonNullable<Receipt['rows']>, format: Format): Html {
  const words = patientWords[format.lang]
  const valuesText = (values: (typeof rows)[number]['values']): string =>
    Object.entries(values)
      .filter(([, value]) => value !== null && value !== '' && value !== false)
      .map(([name, value]) => (value === true ? name : `${name} ${value}`))
      .join(', ')
  return markup`<h2 id="rows">${words.rows}</h2>${tableOf(
    {
      caption: words.rowsCaption,
      columns: [text(words.file), text(words.table), text(words.use), text(words.delivered), text(words.values)],
      rows: rows.map((row) => [
        `${row.file ?? row.table}:${row.line}`,
        row.table,
        words.uses[row.used_as] ?? row.used_as,
        format.day(row.deliveredOn),
        valuesText(row.values),
      ]),
    },
    format.lang,
  )}`
}

/** What a partner holds wrong; it sees the effect before anything is filed. */
function disputeForm(
  { params, format }: AskedHere,
  {
    patients,
    names,
    typed,
  }: { readonly patients: readonly PatientRow[]; readonly names: Names; readonly typed: Partial<ContentionTyped> },
): Html {
  const words = patientWords[format.lang].dispute
  const { settlement, partner, patient } = params
  const measures = [...new Set(patients.map(({ measure }) => measure))]
  return markup`<section class="card"><h2>${words.title}</h2><p>${words.about}</p>${formOf({
    id: 'dispute',
    action: settlementPath(settlement, 'partners', partner, 'patients', patient, 'dispute'),
    fields: contentionFields(
      {
        kinds: Object.entries(words.kinds),
        measures: measures.map((measure) => [measure, names.titleOf(measure)] as const),
      },
      { observed_on: patients[0]?.realised_on ?? '', ...typed },
      format.lang,
    ),
    button: words.button,
  })}</section>`
}

/** For the patient: no money, no pseudonym. */
async function letterView(asking: AskedHere): Promise<View> {
  const { settled, receipt } = await asked(asking)
  const { format, params } = asking
  const { letter, title } = patientWords[format.lang]
  const at = settlementPath(params.settlement, 'partners', params.partner, 'patients', params.patient)
  const told = (receipt.patients ?? []).filter(({ mean }) => mean !== null)
  return {
    title: letter.title,
    path: [{ title: title(params.patient), href: at }],
    body: markup`<div class="letter"><p>${letter.intro}</p>
${told.map((row) => markup`<h2>${settled.names.titleOf(row.measure)}</h2><p>${letterText(row, settled.names, format)}</p>`)}
<p>${letter.outro}</p></div>`,
  }
}

function letterText(row: PatientRow, { titleOf, unitOf }: Names, format: Format): string {
  const { letter } = patientWords[format.lang]
  const of = (value: number | null): string => valueText(value, unitOf(row.measure), format)
  const expected = letter.expected(titleOf(row.measure), of(row.mean), of(row.q05), of(row.q95))
  if (row.realised === null || row.realised_on === null) return `${expected} ${letter.notMeasured}`
  // Within a quarter of what people like these differ by, it is as expected.
  const near = Math.abs(row.gain ?? 0) <= (row.sd ?? 0) / 4
  const said = near ? letter.same : (row.gain ?? 0) > 0 ? letter.better : letter.worse
  return `${expected} ${letter.reached(of(row.realised), format.day(row.realised_on))} ${said}`
}
