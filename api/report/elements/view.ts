/** The view model shared by the sections of the statement. */
import type { Day } from '../../../engine/kernel/calendar.ts'
import type { Contract } from '../../../engine/contract/contract.ts'
import type { SettlementState } from '../../../engine/ledger/lifecycle.ts'
import type { Programme } from '../../../engine/contract/programme.ts'
import { eligibleDisclosed, panelsOf, disclosedShare, type Panels } from '../../../engine/disclosure/small-groups.ts'
import type { ControlEffect } from '../../../engine/explain/dependence.ts'
import type { Settlement } from '../../../engine/settlement/statement.ts'
import type { DisclosedDifference } from '../../views/difference.ts'
import type { ToCome } from '../../views/to-come.ts'
import type { Detector } from '../../../engine/gaming/detectors.ts'
import type { ModelState } from '../../../data/settlements/model-registry.ts'
import type { KeptDrift } from '../../../data/runs/drift.ts'
import type { Obstacle } from '../../../data/settlements/release-obstacles.ts'
import type { ReportCard } from './card.ts'
import { formatOf, type Format, type Lang } from '../words/format.ts'
import { statementWords } from '../words/episode-words.ts'
import type { Words } from '../words/nl.ts'

/** A gaming signal, with the id of its partner in place of the partner's number. */
export interface DisclosedSignal {
  readonly detector: Detector
  readonly measure: string | null
  readonly partnerId: string
  readonly z: number
  readonly adjusted: number
  readonly standsOut: boolean
}

/** What was decided last about a model. */
export interface DecidedState {
  readonly state: ModelState
  readonly by: string
  readonly on: string
}

export interface ReportInput {
  readonly settlement: Settlement
  readonly contract: Contract
  /** for the titles and units of the measures */
  readonly programme: Programme
  /** one per outcome that was trained, in any order */
  readonly cards: readonly ReportCard[]
  /** names of partners by partner_id; a partner without one goes by its id */
  readonly partnerNames: Readonly<Record<string, string>>
  /** how many practices a partner consists of, and how many of them are small; absent: not disclosed */
  readonly practices?: Readonly<Record<string, { readonly practices: number; readonly small: number }>>
  readonly status?: 'provisional' | 'final'
  /** from the previous settlement; null or absent: none, or not computed */
  readonly difference?: DisclosedDifference | null
  /** gaming signals; absent: not computed */
  readonly signals?: readonly DisclosedSignal[]
  /** default: prepared */
  readonly state?: SettlementState
  /** why it cannot be released */
  readonly held?: readonly Pick<Obstacle, 'code' | 'measure'>[]
  /** what was decided last about each model, by its id */
  readonly states?: Readonly<Record<string, DecidedState>>
  /** calibration month by month after training */
  readonly drift?: readonly KeptDrift[]
  /** the payments with each control left out; absent: none, or not kept */
  readonly controlEffects?: readonly ControlEffect[]
  /** the settlements that stand for the years of the term before this one, in their order; absent: there are none */
  readonly earlierYears?: readonly { readonly start: Day; readonly settlement: Settlement }[]
  /** results that had not come on the settlement's day and still can; absent: not counted */
  readonly toCome?: ToCome | null
  readonly lang?: Lang
}

export interface View extends Required<ReportInput> {
  readonly words: Words
  readonly format: Format
  readonly panels: Panels
  /** people who count, as far as the number can be disclosed */
  readonly eligible: number
  nameOf(partnerId: string): string
  titleOf(measure: string): string
  unitOf(measure: string): string
}

const UNITLESS = new Set(['{utility}', '{score}', '{class}'])
const UNIT_NAMES = {
  nl: {
    '{utility}': 'nutspunten',
    '{score}': 'scorepunten',
    '{class}': 'klassen',
    '/a': 'per jaar',
    'd/a': 'dagen per jaar',
    'd/30d': 'dagen per 30 dagen',
  },
  en: {
    '{utility}': 'utility points',
    '{score}': 'score points',
    '{class}': 'classes',
    '/a': 'a year',
    'd/a': 'days a year',
    'd/30d': 'days in 30',
  },
} as const satisfies Record<Lang, Record<string, string>>

/** A unit as a sentence writes it; blank for what has none of its own. */
export const unitText = (unit: string, lang: Lang): string =>
  (UNIT_NAMES[lang] as Readonly<Record<string, string>>)[unit] ?? (UNITLESS.has(unit) ? '' : unit)

export function viewOf(input: ReportInput): View {
  const lang = input.lang ?? 'nl'
  const panels = panelsOf(input.settlement.partners, input.contract.minPatients)
  const measures = new Map(input.programme.measures.map((measure) => [measure.key, measure]))
  return {
    ...input,
    lang,
    status: input.status ?? 'provisional',
    state: input.state ?? 'prepared',
    practices: input.practices ?? {},
    difference: input.difference ?? null,
    signals: input.signals ?? [],
    held: input.held ?? [],
    states: input.states ?? {},
    drift: input.drift ?? [],
    earlierYears: input.earlierYears ?? [],
    toCome: input.toCome ?? null,
    controlEffects: [...(input.controlEffects ?? [])].sort((a, b) => (a.control_id < b.control_id ? -1 : 1)),
    words: statementWords({ lang, contract: input.contract }),
    format: formatOf(lang),
    panels,
    eligible: eligibleDisclosed(panels),
    nameOf: (partnerId) => input.partnerNames[partnerId] || partnerId,
    titleOf: (measure) => measures.get(measure)?.title[lang] ?? measure,
    unitOf: (measure) => unitText(measures.get(measure)?.unit ?? '', lang),
  }
}

/** Share measured as it may be disclosed: exact, or a bound where fewer than ten people would show. */
export function measuredShareText({ words, format }: View, measured: number, eligible: number): string {
  const disclosed = disclosedShare(measured, eligible)
  if (disclosed === null) return '–'
  if ('share' in disclosed) return format.percent(disclosed.share)
  return 'moreThan' in disclosed
    ? words.moreThan(format.percent(disclosed.moreThan))
    : words.lessThan(format.percent(disclosed.lessThan))
}

/** A key of a contract that has no name of its own, as people write it: foot_check becomes foot check. */
export const inWords = (key: string): string => key.replaceAll('_', ' ')

/** Why nothing is paid, in words; an unknown reason stands as it is. */
export const reasonText = ({ words }: View, reason: string | null): string =>
  reason === null ? '' : (words.reasons[reason] ?? reason)

/** Names as a sentence lists them: "A, B en C". */
export function listed({ words }: View, names: readonly string[]): string {
  if (names.length < 2) return names[0] ?? ''
  return `${names.slice(0, -1).join(', ')} ${words.and} ${names.at(-1) ?? ''}`
}
