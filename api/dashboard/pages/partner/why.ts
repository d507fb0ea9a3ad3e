/** Why a partner is paid what it is: in three sentences, out of the calculation. */
import type { Format } from '../../../report/words/format.ts'
import { partnerWords } from '../../words/partner.ts'
import { signOf, sizeText, type PartnerCalculation, type Step } from '../settlement/amounts.ts'
import { statementWords, type Names, type PartnerRow } from '../settlement/settled.ts'

/** What is paid, as the first line of a page: with its ends, where there are any.
 *  @param you whether it is said to the partner itself */
export function firstLine(
  {
    payment_cents: cents,
    interval90_cents: interval,
  }: Pick<PartnerRow, 'payment_cents'> & Partial<Pick<PartnerRow, 'interval90_cents'>>,
  { you, name }: { readonly you: boolean; readonly name: string },
  format: Format,
): string {
  const words = partnerWords[format.lang]
  const amount = format.cents(Math.abs(cents))
  const said =
    cents > 0
      ? you
        ? words.youGet(amount)
        : words.gets(name, amount)
      : cents < 0
        ? you
          ? words.youPay(amount)
          : words.pays(name, amount)
        : you
          ? words.youGetNothing
          : words.getsNothing(name)
  const [low, high] = interval ?? []
  return low === undefined || high === undefined
    ? said
    : `${said} ${words.between(format.cents(low), format.cents(high))}`
}

/** What was expected, what was reached, and what the contract does with it. */
export function whyOf(
  { payment_cents, reason, small_panel, outcomes = [], steps = [] }: PartnerCalculation,
  eligible: number,
  names: Names,
  format: Format,
): string[] {
  const words = partnerWords[format.lang]
  const { sentences } = words
  if (small_panel) return [sentences.small]
  const { reasons } = statementWords[format.lang]
  const because = reason === null ? null : sentences.nothing(reasons[reason] ?? reason)
  const reached = steps.filter(({ step }) => step === 'patients')
  if (reached.length === 0) return because === null ? [] : [because]
  const list = (of: readonly Step[]): string =>
    listed(
      of.map((step) => gainText(step, names, format)),
      words.and,
    )
  const worth = outcomes.reduce((sum, { cents }) => sum + (cents ?? 0), 0)
  return [
    `${sentences.expected(format.count(eligible))} ${sentences.reached(list(reached))}`,
    sentences.worth(list(crediblesOf(steps)), format.cents(worth)),
    because ?? contractSentence(steps, payment_cents, format),
  ]
}

function contractSentence(steps: readonly Step[], cents: number, format: Format): string {
  const words = partnerWords[format.lang]
  const clauses = [...new Set(steps.map(({ step }) => words.clauses[step]))].filter((each) => each !== undefined)
  const amount = format.cents(cents)
  return clauses.length === 0
    ? words.sentences.plain(amount)
    : words.sentences.contract(listed(clauses, words.and), amount)
}

/** Of each outcome the last step in its unit: the gain that is priced. */
const crediblesOf = (steps: readonly Step[]): Step[] => {
  const last = new Map<string, Step>()
  for (const step of steps) if (step.measure !== null && step.result.kind === 'gain') last.set(step.measure, step)
  return [...last.values()]
}

function gainText(step: Step, { titleOf, unitOf }: Names, format: Format): string {
  const words = partnerWords[format.lang]
  const [title, unit] = [titleOf(step.measure ?? ''), unitOf(step.measure ?? '')]
  const sign = signOf(step)
  if (sign === 0) return words.same(title)
  return (sign > 0 ? words.better : words.worse)(sizeText(step, unit, format), title)
}

const listed = (items: readonly string[], and: string): string =>
  items.length < 2 ? (items[0] ?? '') : `${items.slice(0, -1).join(', ')} ${and} ${items.at(-1)}`
