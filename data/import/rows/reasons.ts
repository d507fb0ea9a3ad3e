/** Why a row or a cell was not taken, in Dutch as in English, and what to do about it. reasons.json has every reason in
 *  English, as rejects.csv and warnings.csv write it, and in Dutch; {…} stands for what is particular to the row, and the first that fits counts. */
import { readFileSync } from 'node:fs'

export const LANGUAGES = ['en', 'nl'] as const
export type Language = (typeof LANGUAGES)[number]

interface Template {
  readonly en: string
  readonly nl: string
  readonly do_en: string
  readonly do_nl: string
}

interface Worded {
  readonly reason: string
  readonly advice: string
}

const placeholder = /\{(\w+)\}/g

/** A template as the pattern of every reason that it words. */
function expressionOf(en: string): RegExp {
  const escaped = en.replaceAll(/[.*+?^$()|[\]\\/]/g, String.raw`\$&`)
  return new RegExp(`^${escaped.replaceAll(placeholder, '(?<$1>.+?)')}$`, 's')
}

class Pattern {
  /** what every reason that the template words begins with: most patterns need not be looked at for the rest */
  private readonly beginning: string
  private expression: RegExp | undefined

  constructor(readonly template: Template) {
    const at = template.en.indexOf('{')
    this.beginning = at < 0 ? template.en : template.en.slice(0, at)
  }

  exec(reason: string): RegExpExecArray | null {
    if (!reason.startsWith(this.beginning)) return null
    return (this.expression ??= expressionOf(this.template.en)).exec(reason)
  }
}

// Read with the first reason: a clean delivery has none.
let patterns: readonly Pattern[] | undefined
const readPatterns = (): readonly Pattern[] =>
  (JSON.parse(readFileSync(new URL('reasons.json', import.meta.url), 'utf8')) as readonly Template[]).map(
    (template) => new Pattern(template),
  )

const unworded: Omit<Template, 'en' | 'nl'> = {
  do_en: 'Look the row up at the source and correct it there.',
  do_nl: 'Zoek de rij op in het bronsysteem en verbeter die daar.',
}

/** What follows a reason: "; probably …" and the resource in brackets that a source names. */
const parts =
  /^(?<core>.*?)(?<probably>; probably (?!.*lost its leading zero|.*counts days|\d{4}-).*?)?(?<where>; left blank.*?)?(?<resource> \([A-Z]\w*\/[^)]*\)| \(resource \d+ of the file\))?$/s

const partsOf = (reason: string): NonNullable<RegExpExecArray['groups']> =>
  reason.includes('; ') || reason.includes(' (') ? (parts.exec(reason)?.groups ?? {}) : {}

const causes: readonly (readonly [RegExp, string])[] = [
  [/^0 written for what was not measured$/, '0 voor wat niet gemeten is'],
  [/^a value in (.+) delivered as (.+)$/, 'een waarde in $1, geleverd als $2'],
  [/^a decimal shift \((\S+) times too large\)$/, 'een verschoven komma ($1 keer te groot)'],
  [/^a decimal shift \((\S+) times too small\)$/, 'een verschoven komma ($1 keer te klein)'],
]

/** A reason as rejects.csv has it, in a language, with what to do. */
export function worded(reason: string, language: Language): Worded {
  const { core = reason, probably = '', where = '', resource = '' } = partsOf(reason)
  const found = wordingOf(core)
  const advice = (found?.template ?? unworded)[`do_${language}`]
  if (language === 'en' || !found) return { reason, advice }
  const translated = found.template.nl.replaceAll(placeholder, (_, name: string) => found.match.groups?.[name] ?? '')
  return {
    reason: `${translated}${inDutch(probably)}${where.replace('left blank', 'leeg gelaten')}${resource}`,
    advice,
  }
}

/** The first template that words a reason. */
function wordingOf(core: string): { readonly template: Template; readonly match: RegExpExecArray } | undefined {
  for (const pattern of (patterns ??= readPatterns())) {
    const match = pattern.exec(core)
    if (match) return { template: pattern.template, match }
  }
  return undefined
}

function inDutch(probably: string): string {
  if (probably === '') return ''
  const cause = probably.replace('; probably ', '')
  const known = causes.find(([pattern]) => pattern.test(cause))
  return `; waarschijnlijk ${known ? cause.replace(...known) : cause}`
}

const remembered = new Map<string, string>()
const mostRemembered = 1000 // a reason may repeat what it found

/** What to do about a reason, in English. */
export function adviceOn(reason: string): string {
  const known = remembered.get(reason)
  if (known !== undefined) return known
  const { advice } = worded(reason, 'en')
  if (remembered.size < mostRemembered) remembered.set(reason, advice)
  return advice
}
