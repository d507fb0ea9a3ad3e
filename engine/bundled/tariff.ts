/** The tariff of segment 2, from what a patient-year is made of to cents of a quarter, and to whom each cent goes. */
import type { Bundled, BundledComponent } from '../contract/contract.ts'
import { decimalOf, type Decimal, inOneUnit, numberOf, productOf, roundedQuotient, sumOf } from '../kernel/decimal.ts'
import type { Cents } from '../kernel/money.ts'

/** prevalence * times * (minutes * hourly_eur + 60 * material_eur), in EUR times 60: the sixtieth of it is EUR per patient-year. */
const componentTariffOf = ({ prevalence, minutes, hourlyEur, times = 1, materialEur = 0 }: BundledComponent): Decimal =>
  productOf([
    decimalOf(prevalence),
    decimalOf(times),
    sumOf([productOf([decimalOf(minutes), decimalOf(hourlyEur)]), productOf([decimalOf(60), decimalOf(materialEur)])]),
  ])

/** The tariff of a patient-year with its overhead, exact, in EUR times 60. Its exponent is 0 at most. */
export function yearTariffOf({ components, overhead = 0 }: Bundled): Decimal {
  const sum = sumOf(components.map(componentTariffOf))
  const { whole, exponent } = inOneUnit([productOf([sum, sumOf([decimalOf(1), decimalOf(overhead)])])])
  return { digits: whole[0] ?? 0n, exponent }
}

/** Of an exact amount in EUR times 60, the cents: rounded once, half away from zero. */
function centsIn(amount: Decimal): Cents {
  const { whole, exponent } = inOneUnit([amount])
  return roundedQuotient((whole[0] ?? 0n) * 100n, 60n * 10n ** BigInt(-exponent))
}

/** Cents per patient-year (domain: T = sum of p * n * (t / 60 * r + material), * (1 + overhead)). */
export const yearCentsOf = (bundled: Bundled): Cents => centsIn(yearTariffOf(bundled))

/** Cents of the four quarters of a year: a quarter of the tariff, half a cent up, and in the last what is left. */
export function quarterCentsOf(yearCents: Cents): readonly [Cents, Cents, Cents, Cents] {
  const quarter = roundedQuotient(BigInt(yearCents), 4n)
  return [quarter, quarter, quarter, yearCents - 3 * quarter]
}

/** A part of the tariff as it stands in a statement; the parts are rounded each for itself, so they may differ from the whole by cents. */
export interface TariffPart {
  readonly activity: string
  readonly phase: string
  readonly module: string
  readonly provider: string
  readonly cents: Cents
}

/** The components in cents per patient-year, and last the overhead, if there is any. */
export function tariffPartsOf(bundled: Bundled): TariffPart[] {
  const { components, overhead = 0 } = bundled
  const parts = components.map((component) => ({
    activity: component.activity,
    phase: component.phase ?? '',
    module: component.module ?? '',
    provider: component.provider,
    cents: centsIn(componentTariffOf(component)),
  }))
  if (overhead === 0) return parts
  const cents = centsIn(productOf([sumOf(components.map(componentTariffOf)), decimalOf(overhead)]))
  return [...parts, { activity: 'overhead', phase: '', module: '', provider: 'organisation', cents }]
}

/** Whom a cent of the tariff is for: the patient's own practice, a partner of the chain, or the organisation. */
export type Recipient =
  { readonly of: 'practice' | 'organisation' } | { readonly of: 'chain'; readonly partnerId: string }

/** Every recipient with its weight, in the order of the contract; the organisation, which has the overhead, last.
 *  @param partnerIds the partners of the region: a component whose provider is one of them is for that partner */
export function recipientsOf(
  { components, overhead = 0 }: Bundled,
  partnerIds: ReadonlySet<string>,
): readonly (Recipient & { readonly weight: number })[] {
  const byName = new Map<string, Decimal[]>()
  for (const component of components) {
    const name = partnerIds.has(component.provider) ? component.provider : ''
    byName.set(name, [...(byName.get(name) ?? []), componentTariffOf(component)])
  }
  const sum = sumOf(components.map(componentTariffOf))
  const recipients = [...byName].map(([name, amounts]) => ({
    ...(name === '' ? ({ of: 'practice' } as const) : ({ of: 'chain', partnerId: name } as const)),
    weight: numberOf(sumOf(amounts)),
  }))
  if (overhead === 0) return recipients
  return [...recipients, { of: 'organisation', weight: numberOf(productOf([sum, decimalOf(overhead)])) }]
}
