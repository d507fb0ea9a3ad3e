/** The rules of suspicion, read from suspicions.yaml: likely causes of rejected values, and suspicious patterns in accepted rows. */
import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import type { Field } from '../../engine/kernel/document.ts'
import {
  entries,
  fieldOf,
  items,
  mapping,
  number,
  positive,
  range,
  refuseFaults,
  shareOfOne,
  text,
  texts,
  wholeNotNegative,
  wholePositive,
} from '../../engine/kernel/document.ts'
import { yamlDocument } from '../yaml/yaml-document.ts'

/** A value delivered in one unit that is usual in another. */
export interface UnitMix {
  readonly measure: string
  readonly delivered: string
  readonly meant: string
  readonly values: readonly [number, number]
}

/** The usual range, step and spread of a measure, in its unit; null where not given. */
export interface UsualMeasure {
  readonly usual: readonly [number, number]
  readonly step: number | null
  readonly withinSd: number | null
}

export interface Suspicions {
  readonly zeroForMissing: readonly string[]
  readonly unitMixes: readonly UnitMix[]
  readonly shiftFactors: readonly number[]
  readonly futureDate: { readonly share: number; readonly days: number }
  readonly swapped: { readonly upper: string; readonly lower: string }
  readonly jump: { readonly withinDays: number; readonly standardDeviations: number }
  readonly digits: { readonly share: number; readonly readings: number }
  readonly placeholder: { readonly days: readonly string[]; readonly times: number; readonly readings: number }
  readonly outlying: { readonly share: number; readonly timesMedian: number; readonly readings: number }
  readonly measures: ReadonlyMap<string, UsualMeasure>
  /** of every rule, by its name in the file */
  readonly sources: Readonly<Record<string, string>>
}

const builtIn = fileURLToPath(new URL('suspicions.yaml', import.meta.url))

export const readSuspicions = async (): Promise<Suspicions> =>
  suspicionsOf(yamlDocument(await readFile(builtIn, 'utf8'), 'suspicions.yaml'))

/** @throws Refusal `invalid_suspicions` with every fault */
export function suspicionsOf(document: unknown): Suspicions {
  const root = fieldOf(document)
  const { rules, measures } = mapping(root, ['rules', 'measures'])
  const rule = mapping(rules, [
    'zero_for_missing',
    'unit_mix',
    'decimal_shift',
    'two_main_practitioners',
    'future_date',
    'swapped_pressures',
    'jump',
    'digit_preference',
    'placeholder_day',
    'outlying_day',
    'outside_life',
  ])
  const sources: Record<string, string> = {}
  const sourced = <K extends string>(name: keyof typeof rule, keys: readonly K[]): Record<K, Field> => {
    const { source, ...rest } = mapping<K | 'source'>(rule[name], [...keys, 'source'])
    sources[name] = text(source)
    // a generic key cannot be taken out of a record of generic keys by type
    return rest as unknown as Record<K, Field>
  }
  sourced('two_main_practitioners', [])
  sourced('outside_life', [])
  const zero = sourced('zero_for_missing', ['measures'])
  const mix = sourced('unit_mix', ['mixes'])
  const shift = sourced('decimal_shift', ['factors'])
  const future = sourced('future_date', ['share', 'days'])
  const swapped = sourced('swapped_pressures', ['upper', 'lower'])
  const jump = sourced('jump', ['within_days', 'standard_deviations'])
  const digits = sourced('digit_preference', ['share', 'readings'])
  const placeholder = sourced('placeholder_day', ['days', 'times', 'readings'])
  const outlying = sourced('outlying_day', ['share', 'times_median', 'readings'])
  const suspicions: Suspicions = {
    zeroForMissing: texts(zero.measures, 'measures'),
    unitMixes: items(mix.mixes, 'mixes').map(mixOf),
    shiftFactors: items(shift.factors, 'factors').map((factor) => number(factor, positive)),
    futureDate: { share: number(future.share, shareOfOne), days: number(future.days, wholeNotNegative) },
    swapped: { upper: text(swapped.upper), lower: text(swapped.lower) },
    jump: {
      withinDays: number(jump.within_days, wholeNotNegative),
      standardDeviations: number(jump.standard_deviations, positive),
    },
    digits: { share: number(digits.share, shareOfOne), readings: number(digits.readings, wholePositive) },
    placeholder: {
      days: texts(placeholder.days, 'days as MM-DD'),
      times: number(placeholder.times, positive),
      readings: number(placeholder.readings, wholePositive),
    },
    outlying: {
      share: number(outlying.share, shareOfOne),
      timesMedian: number(outlying.times_median, positive),
      readings: number(outlying.readings, wholePositive),
    },
    measures: new Map(entries(measures, 'measures').map(([key, field]) => [key, usualOf(field)])),
    sources,
  }
  refuseFaults(root.faults, 'invalid_suspicions', 'suspicions.yaml')
  return suspicions
}

function mixOf(field: Field): UnitMix {
  const { measure, delivered, meant, values } = mapping(field, ['measure', 'delivered', 'meant', 'values'])
  return { measure: text(measure), delivered: text(delivered), meant: text(meant), values: range(values, 'no point') }
}

function usualOf(field: Field): UsualMeasure {
  const { usual, step, within_sd, source } = mapping(field, ['usual', 'source'], ['step', 'within_sd'])
  text(source)
  return {
    usual: range(usual, 'no point'),
    step: step ? number(step, positive) : null,
    withinSd: within_sd ? number(within_sd, positive) : null,
  }
}
