/** The terms of a contract in sentences, each beside the lines of the YAML that say it. */
import { isMap, LineCounter, parseDocument, type Document, type Pair, type Scalar } from 'yaml'
import { markup, type Html } from '../../../report/elements/html.ts'
import type { Format } from '../../../report/words/format.ts'
import { tableOf, text } from '../../elements/table.ts'
import { contractWords } from '../../words/sources/contracts.ts'

type Titles = (measure: string) => string
type Plain = Readonly<Record<string, unknown>>

/** One clause: its key, its value, and the lines that it stands on. */
interface Clause {
  readonly key: string
  readonly value: unknown
  readonly from: number
  readonly lines: readonly string[]
}

export function clausesOf(yaml: string): Clause[] {
  const counter = new LineCounter()
  const document: Document = parseDocument(yaml, { version: '1.2', schema: 'core', lineCounter: counter })
  if (!isMap(document.contents)) return []
  const lines = yaml.split('\n')
  const pairs = document.contents.items as Pair<Scalar>[]
  const starts = pairs.map(({ key }) => counter.linePos(key.range?.[0] ?? 0).line)
  return pairs.map(({ key }, i) => {
    const from = starts[i] ?? 1
    const own = lines.slice(from - 1, Math.max(from, (starts[i + 1] ?? lines.length + 1) - 1))
    while (own.length > 1 && own.at(-1)?.trim() === '') own.pop()
    return { key: String(key.value), value: document.toJS()[String(key.value)] as unknown, from, lines: own }
  })
}

export function termTable(yaml: string, titleOf: Titles, format: Format): Html {
  const words = contractWords[format.lang]
  return tableOf(
    {
      caption: words.termsCaption,
      columns: [words.term, words.source].map(text),
      rows: clausesOf(yaml).map((clause) => [
        sentencesOf(clause, titleOf, format).map((sentence) => markup`<span class="sentence">${sentence}</span> `),
        markup`<small>${words.lines(clause.from, clause.from + clause.lines.length - 1)}</small><pre>${clause.lines.join('\n')}</pre>`,
      ]),
    },
    format.lang,
  )
}

const isPlain = (value: unknown): value is Plain => typeof value === 'object' && value !== null && !Array.isArray(value)
const plain = (value: unknown): Plain => (isPlain(value) ? value : {})
const listOf = (value: unknown): unknown[] => (Array.isArray(value) ? (value as unknown[]) : [])
const said = (value: unknown): string =>
  typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? String(value) : ''

function sentencesOf({ key, value }: Clause, titleOf: Titles, format: Format): string[] {
  const { say } = contractWords[format.lang]
  const days = (span: Plain): [string, string] => [format.day(said(span.start)), format.day(said(span.end))]
  const euros = (x: unknown): string => format.euros(Number(x))
  const priceOf = (x: unknown): string => {
    const { qaly, via } = plain(x)
    return qaly === undefined ? euros(x) : say.qaly(euros(qaly), titleOf(said(via)))
  }
  const percent = (x: unknown): string => format.percent(Number(x))
  const [map, list] = [plain(value), listOf(value)]
  const names = list.map(said).join(', ')
  switch (key) {
    case 'contract':
    case 'title':
    case 'programme':
      return [say[key](said(value))]
    case 'insurers':
    case 'partners':
    case 'control':
      return [say[key](names)]
    case 'period':
    case 'term':
    case 'inclusion':
    case 'reference':
      return [say[key](...days(map))]
    case 'index':
    case 'excess_missing':
      return [say[key]()]
    case 'outcomes':
      return list
        .map(plain)
        .map((outcome) =>
          say.outcome(
            titleOf(said(outcome.measure)),
            priceOf(outcome.price_eur),
            said(outcome.horizon_days),
            said(outcome.window_days),
          ),
        )
    case 'missing':
    case 'history':
    case 'trend':
      return [say[key][said(value)] ?? say.other(key)]
    case 'pessimistic_shift_sd':
    case 'level_weight':
      return [say[key](format.number(Number(value), 2))]
    case 'credibility':
      return [say.credibility]
    case 'share':
      return [say.share(percent(map.gain), percent(map.loss ?? 0))]
    case 'dead_band':
      return [say.dead_band(euros(map.eur))]
    case 'min_patients':
      return [say.min_patients(format.count(Number(value)))]
    case 'corridor_eur':
      return [
        say.corridor_eur(
          map.floor === undefined ? '–' : euros(map.floor),
          map.cap === undefined ? '–' : euros(map.cap),
        ),
      ]
    case 'budget_eur':
      return [say.budget_eur(euros(value))]
    case 'gates':
      return [
        say.gates(
          list
            .map(plain)
            .map(({ gate }) => said(gate).replaceAll('_', ' '))
            .join(', '),
        ),
      ]
    case 'bundled':
      return [say.bundled(percent(map.advance_share ?? 0))]
    case 'attribution':
      return [
        say.attribution(
          list
            .map(plain)
            .map(({ kind, share }) => `${said(kind).replaceAll('_', ' ')} ${percent(share)}`)
            .join(', '),
        ),
      ]
    default:
      return [say.other(key)]
  }
}
