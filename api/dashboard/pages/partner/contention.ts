/** What somebody holds wrong about one patient: the fields of a form, and what they say to the API. */
import type { Html } from '../../../report/elements/html.ts'
import type { Lang } from '../../../report/words/format.ts'
import { fieldOf } from '../../elements/form.ts'
import { patientWords } from '../../words/patient.ts'

export const CONTENTION_FIELDS = ['kind', 'measure', 'observed_on', 'value'] as const
export type ContentionTyped = Readonly<Record<(typeof CONTENTION_FIELDS)[number], string>>

type Choices = readonly (readonly [string, string])[]

/** @param choices in words: what can be wrong, and of which measures readings count */
export function contentionFields(
  choices: { readonly kinds: Choices; readonly measures: Choices },
  typed: Partial<ContentionTyped>,
  lang: Lang,
): Html[] {
  const words = patientWords[lang].dispute
  return [
    fieldOf({ name: 'kind', label: words.kind, options: choices.kinds, value: typed.kind ?? '' }),
    fieldOf({ name: 'measure', label: words.measure, options: choices.measures, value: typed.measure ?? '' }),
    fieldOf({
      name: 'observed_on',
      label: words.on,
      type: 'date',
      value: typed.observed_on ?? '',
      hint: words.onlyOfReading,
    }),
    fieldOf({ name: 'value', label: words.value, value: typed.value ?? '', hint: words.onlyOfReading }),
  ]
}

/** Whom a contention is about. */
interface About {
  readonly partner_id: string
  readonly patient_id: string
}

/** What the API is asked; null where the value is no number. A value left empty says that there was no reading. */
export function contentionBody({ kind, measure, observed_on, value }: ContentionTyped, about: About) {
  if (kind === 'not_our_patient') return { kind: 'not_our_patient' as const, ...about }
  const written = value.trim().replace(',', '.')
  const number = written === '' ? null : Number(written)
  if (Number.isNaN(number)) return null
  return { kind: 'value_wrong' as const, ...about, measure, observed_on, value: number }
}
