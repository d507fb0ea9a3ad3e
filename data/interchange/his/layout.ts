/** What the columns of a HIS extract mean: extract.yaml, with a source's own over it. */
import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import {
  entries,
  type Field,
  fieldOf,
  mapping,
  refuseFaults,
  text,
  texts,
  word,
} from '../../../engine/kernel/document.ts'
import type { Programme } from '../../../engine/contract/programme.ts'
import { Refusal } from '../../../engine/kernel/refusal.ts'
import { readText } from '../../files/text-file.ts'
import { yamlDocument } from '../../yaml/yaml-document.ts'

/** Names of columns are in lower case; a column that is not named is not read. */
export interface Layout {
  readonly patient: string
  readonly peildatum: string
  readonly practice: string
  readonly birth: string
  readonly sex: { readonly column: string; readonly words: ReadonlyMap<string, string> }
  readonly postcode: string
  readonly insurer: string
  readonly died: string
  /** in lower case, as are all words */
  readonly missing: ReadonlySet<string>
  /** days that stand for none */
  readonly missingDays: ReadonlySet<string>
  readonly measures: readonly ReadingColumn[]
  readonly programmes: readonly ProgrammeColumn[]
  readonly yes: ReadonlySet<string>
  readonly mainPractitioners: ReadonlyMap<string, string>
  readonly conditions: { readonly column: string; readonly separator: string; readonly system: string }
}

export interface ReadingColumn {
  readonly column: string
  readonly measure: string
  /** blank: the measure's own */
  readonly unit: string
  /** blank: dated by the peildatum */
  readonly on: string
}

export interface ProgrammeColumn {
  readonly programme: string
  readonly takesPart: string
  readonly mainPractitioner: string
}

export const LAYOUT_FILE = 'extract.yaml'
const builtIn = fileURLToPath(new URL(LAYOUT_FILE, import.meta.url))

/** @param own the path of a source's own extract.yaml, or null
 *  @throws Refusal `invalid_mapping`, `invalid_yaml` */
export async function readLayout(programmes: ReadonlyMap<string, Programme>, own: string | null): Promise<Layout> {
  const ours = yamlDocument(await readFile(builtIn, 'utf8'), LAYOUT_FILE)
  const theirs = own === null ? {} : yamlDocument(await readText(own), own)
  const layout = layoutOf({ ...(ours as object), ...(theirs as object | null) }, own ?? LAYOUT_FILE)
  // of the built-in layout, a measure that a region does not have is none of its business
  const stated = own !== null && Object.hasOwn(theirs ?? {}, 'measures')
  return stated ? refuseUnknown(layout, programmes, own) : withKnownMeasures(layout, programmes)
}

const keys = ['patient', 'peildatum', 'practice', 'birth', 'sex', 'postcode', 'insurer', 'died', 'missing'] as const
const others = ['missing_days', 'measures', 'programmes', 'yes', 'main_practitioners', 'conditions'] as const

function layoutOf(document: unknown, file: string): Layout {
  const root = fieldOf(document)
  const of = mapping(root, [...keys, ...others])
  const sex = mapping(of.sex, ['column', 'words'])
  const conditions = mapping(of.conditions, ['column', 'separator', 'system'])
  const layout = {
    patient: column(of.patient),
    peildatum: column(of.peildatum),
    practice: column(of.practice),
    birth: column(of.birth),
    sex: { column: column(sex.column), words: wordsOf(sex.words, ['m', 'f', 'x']) },
    postcode: column(of.postcode),
    insurer: column(of.insurer),
    died: column(of.died),
    missing: new Set(texts(of.missing, 'words', anyText)),
    missingDays: new Set(texts(of.missing_days, 'days', anyText)),
    measures: entries(of.measures, 'columns').map(([name, field]) => readingColumn(name, field)),
    programmes: entries(of.programmes, 'programmes').map(([name, field]) => programmeColumn(name, field)),
    yes: new Set(texts(of.yes, 'words', anyText)),
    mainPractitioners: wordsOf(of.main_practitioners, ['gp', 'specialist', 'none']),
    conditions: {
      column: column(conditions.column),
      separator: text(conditions.separator),
      system: word(conditions.system, ['ICPC-1', 'ICD-10', 'SNOMED']),
    },
  }
  refuseFaults(root.faults, 'invalid_mapping', file)
  return layout
}

const column = (field: Field): string => text(field).toLowerCase()
const anyText = ({ value }: Field): string => String(value).toLowerCase()

function readingColumn(name: string, field: Field): ReadingColumn {
  const of = mapping(field, ['measure'], ['unit', 'on'])
  return {
    column: name.toLowerCase(),
    measure: text(of.measure),
    unit: of.unit ? text(of.unit) : '',
    on: of.on ? column(of.on) : '',
  }
}

function programmeColumn(programme: string, field: Field): ProgrammeColumn {
  const of = mapping(field, ['takes_part'], ['main_practitioner'])
  return {
    programme,
    takesPart: column(of.takes_part),
    mainPractitioner: of.main_practitioner ? column(of.main_practitioner) : '',
  }
}

const wordsOf = (field: Field, meanings: readonly string[]): ReadonlyMap<string, string> =>
  new Map(entries(field, 'words').map(([name, each]) => [name.toLowerCase(), word(each, meanings)]))

const measuresOf = (programmes: ReadonlyMap<string, Programme>): ReadonlySet<string> =>
  new Set([...programmes.values()].flatMap(({ measures }) => measures.map(({ key }) => key)))

function withKnownMeasures(layout: Layout, programmes: ReadonlyMap<string, Programme>): Layout {
  const measures = measuresOf(programmes)
  return {
    ...layout,
    measures: layout.measures.filter(({ measure }) => measures.has(measure)),
    programmes: layout.programmes.filter(({ programme }) => programmes.has(programme)),
  }
}

function refuseUnknown(layout: Layout, programmes: ReadonlyMap<string, Programme>, file: string): Layout {
  const measures = measuresOf(programmes)
  const unknown = layout.measures.find(({ measure }) => !measures.has(measure))
  if (unknown)
    throw new Refusal(
      'invalid_mapping',
      `${file}: measures.${unknown.column} means "${unknown.measure}", which is no measure of any programme; use one of ${[...measures].sort().join(', ')}.`,
      { file, measure: unknown.measure },
    )
  return { ...layout, programmes: layout.programmes.filter(({ programme }) => programmes.has(programme)) }
}
