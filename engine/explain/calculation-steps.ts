/** The steps of one payment in the numbers that are printed, at one precision: every equation holds exactly in its own digits, and each begins
 *  with the result of the one before (method.md 4 and 5). */
import type { Contract } from '../contract/contract.ts'
import { decimalOf, numberOf, productOf, quotientTo, roundedTo, sumOf, type Decimal } from '../kernel/decimal.ts'
import type { Settlement } from '../settlement/statement.ts'
import type { OutcomeWorth, PartnerWorth } from './partner-worth.ts'

/** `gain`: in the unit of the measure. `years`: patient-years. `share`: to be read as a percentage. */
export type AmountKind = 'gain' | 'eur' | 'years' | 'factor' | 'share'

export interface Amount {
  readonly kind: AmountKind
  readonly value: Decimal
}

/** A product, taken off where `minus`. */
export interface Addend {
  readonly minus: boolean
  readonly factors: readonly Amount[]
  readonly divisor?: Amount
}

/** The sum of the addends, rounded to the decimals of the result. */
export interface Equation {
  readonly addends: readonly Addend[]
  readonly result: Amount
}

/** `unexplained`: what a payment differs by from its own figures; of a settlement of this program there is none. */
export type CalculationStepName =
  | 'patients'
  | 'history'
  | 'trend'
  | 'collective'
  | 'price'
  | 'together'
  | 'missing'
  | 'lessMissing'
  | 'lessExcess'
  | 'perYear'
  | 'deadBand'
  | 'withinDeadBand'
  | 'share'
  | 'floor'
  | 'cap'
  | 'gates'
  | 'budget'
  | 'rounding'
  | 'unexplained'
  | 'payment'

export interface CalculationStep {
  readonly step: CalculationStepName
  /** of a step of one outcome */
  readonly measure: string | null
  /** null: what stands here is where the calculation begins or ends */
  readonly equation: Equation | null
  readonly result: Amount
  /** what the step leads from and to, in EUR for the whole panel; null: it moves nothing */
  readonly moves: readonly [from: number, to: number] | null
}

/** Decimals of the numbers that are not a contract's own. */
export interface Precision {
  readonly gain: number
  readonly years: number
  readonly weight: number
  readonly eur: number
}

const exact = (kind: AmountKind, x: number): Amount => ({ kind, value: decimalOf(x) })
const rounded = (kind: AmountKind, x: number, decimals: number): Amount => ({
  kind,
  value: roundedTo(decimalOf(x), decimals),
})
/** A price of a contract, with two decimals or all that it has. */
const price = (eur: number): Amount => {
  const value = decimalOf(eur)
  return { kind: 'eur', value: value.exponent > -2 ? roundedTo(value, 2) : value }
}
const plus = (...factors: readonly Amount[]): Addend => ({ minus: false, factors })
const minus = (...factors: readonly Amount[]): Addend => ({ minus: true, factors })

/** What an equation comes to, to the decimals asked for. */
function evaluated(addends: readonly Addend[], decimals: number): Decimal {
  const all = addends.map(({ minus: taken, factors, divisor }): Decimal => {
    const product = productOf(factors.map(({ value }) => value))
    const signed = taken ? { ...product, digits: -product.digits } : product
    return divisor ? quotientTo(signed, divisor.value, decimals + 20) : signed
  })
  return roundedTo(sumOf(all), decimals)
}

/** The steps of one partner at one precision. */
export class Draft {
  readonly steps: CalculationStep[] = []
  private readonly years: Amount
  /** values of the outcomes, EUR */
  private readonly values: Amount[] = []
  /** unrounded end of the calculation, EUR */
  private last: Decimal = { digits: 0n, exponent: -2 }

  constructor(
    private readonly settlement: Settlement,
    private readonly contract: Contract,
    readonly worth: PartnerWorth,
    private readonly precision: Precision,
  ) {
    this.years = rounded('years', worth.partner.patient_years, precision.years)
    worth.outcomes.forEach((outcome, k) => this.outcome(outcome, k))
    this.payment(this.lessMissing(this.together()))
  }

  /** Whether printed numbers read as those of the settlement do, and the cents follow from them by rounding. */
  agrees(): boolean {
    const { partner } = this.worth
    const same = (step: CalculationStepName, measure: string | null, x: number | null) => {
      const found = this.steps.findLast((each) => each.step === step && each.measure === measure)
      return !found || x === null || roundedTo(found.result.value, 2).digits === roundedTo(decimalOf(x), 2).digits
    }
    const cents = BigInt(partner.payment_cents)
    return (
      partner.outcomes.every(
        ({ measure, net_gain, credible_gain }) =>
          same('trend', measure, net_gain) && same('collective', measure, credible_gain),
      ) &&
      same('perYear', null, partner.value_eur_per_patient_year) &&
      (this.worth.budgetFactor < 1
        ? Math.abs(100 * numberOf(this.last) - partner.payment_cents) < 1
        : roundedTo(this.last, 2).digits === cents)
    )
  }

  /** @param movesTo what the result moves; default: nothing */
  private add(
    step: CalculationStepName,
    measure: string | null,
    addends: readonly Addend[],
    [kind, decimals]: readonly [AmountKind, number],
    movesTo: (result: Amount) => CalculationStep['moves'] = () => null,
  ): Amount {
    const result: Amount = { kind, value: evaluated(addends, decimals) }
    this.steps.push({ step, measure, equation: { addends, result }, result, moves: movesTo(result) })
    return result
  }

  /** From the mean gain to the value of one outcome. */
  private outcome(outcome: OutcomeWorth, k: number): void {
    const { gain, weight, eur } = this.precision
    const { statement, trend } = outcome
    const { measure, mean_gain, history, credibility, credible_gain, patient_years } = statement
    if (mean_gain === null || credible_gain === null || credibility === null) return
    const { priceEur } = this.contract.outcomes[k]!
    const worth = (amount: Amount) => numberOf(amount.value) * priceEur * patient_years
    const unit = ['gain', gain] as const
    let at = rounded('gain', mean_gain, gain)
    this.steps.push({ step: 'patients', measure, equation: null, result: at, moves: [0, worth(at)] })
    const lead = (step: CalculationStepName, addends: readonly Addend[]) => {
      const from = worth(at)
      at = this.add(step, measure, addends, unit, (to) => [from, worth(to)])
    }
    if (history !== null && history !== 0) lead('history', [plus(at), minus(rounded('gain', history, gain))])
    if (trend !== 0) lead('trend', [plus(at), minus(rounded('gain', trend, gain))])
    const mean = this.settlement.outcomes[k]!.collective_mean
    if (mean !== null) {
      const own = rounded('factor', credibility, weight)
      const rest = { digits: 10n ** BigInt(weight) - own.value.digits, exponent: -weight }
      lead('collective', [plus(own, at), plus({ kind: 'factor', value: rest }, rounded('gain', mean, gain))])
    }
    const years = rounded('years', patient_years, this.precision.years)
    const addends = [plus(at, price(priceEur), years)]
    this.values.push(this.add('price', measure, addends, ['eur', eur], ({ value }) => [0, numberOf(value)]))
  }

  private together(): Amount {
    if (this.values.length === 1) return this.values[0]!
    if (this.values.length === 0) return { kind: 'eur', value: { digits: 0n, exponent: -this.precision.eur } }
    const addends = this.values.map((value) => plus(value))
    return this.money('together', addends, 0)
  }

  /** An equation of euros.  @param from what it moves */
  private money(step: CalculationStepName, addends: readonly Addend[], from: number): Amount {
    return this.add(step, null, addends, ['eur', this.precision.eur], ({ value }) => [from, numberOf(value)])
  }

  /** What a contract holds back beforehand for outcomes that are missing, and what a partner loses that misses too many. */
  private lessMissing(value: Amount): Amount {
    const { worth } = this
    const { patient_years } = worth.partner
    const shifted = worth.before > 0 ? worth.outcomes.filter(({ shift }) => shift > 0) : []
    const held = shifted.map((outcome) => this.missing(outcome, worth.outcomes.indexOf(outcome)))
    let at = value
    if (held.length > 0) {
      const left = this.money('lessMissing', [plus(at), ...held.map((each) => minus(each))], numberOf(at.value))
      at = left.value.digits < 0n ? this.end('lessMissing', left) : left
    }
    if (worth.deduction > 0)
      at = this.money(
        'lessExcess',
        [plus(at), minus(rounded('eur', worth.deduction * patient_years, this.precision.eur))],
        numberOf(at.value),
      )
    const perYear = { minus: false, factors: [at], divisor: this.years }
    if (at.value.digits !== 0n) this.add('perYear', null, [perYear], ['eur', 2])
    return at
  }

  private missing({ statement }: OutcomeWorth, k: number): Amount {
    const { gain, weight, eur } = this.precision
    const { eligible, measured, patient_years, measure } = statement
    const share = rounded('factor', (eligible - measured) / eligible, weight)
    const factors = [
      price(this.contract.outcomes[k]!.priceEur),
      rounded('years', patient_years, this.precision.years),
      exact('factor', this.contract.pessimisticShiftSd),
      rounded('gain', this.settlement.outcomes[k]!.residual_sd ?? 0, gain),
      share,
    ]
    return this.add('missing', measure, [plus(...factors)], ['eur', eur])
  }

  /** Nothing is left: the last equation stands, and 0 follows. */
  private end(step: CalculationStepName, from: Amount): Amount {
    const nothing: Amount = { kind: 'eur', value: { digits: 0n, exponent: -this.precision.eur } }
    this.steps.push({ step, measure: null, equation: null, result: nothing, moves: [numberOf(from.value), 0] })
    return nothing
  }

  /** From the value to the payment. */
  private payment(value: Amount): void {
    const { contract, worth } = this
    const { partner, budgetFactor } = worth
    let at = this.deadBand(value)
    const share = at.value.digits > 0n ? contract.share.gain : contract.share.loss
    const times = (step: CalculationStepName, factor: Amount) => {
      at = this.money(step, [plus(at, factor)], numberOf(at.value))
    }
    if (at.value.digits !== 0n && share !== 1) times('share', exact('share', share))
    at = this.corridor(at)
    if (at.value.digits > 0n && partner.gate_multiplier !== 1) times('gates', exact('share', partner.gate_multiplier))
    if (at.value.digits > 0n && budgetFactor < 1)
      times('budget', rounded('factor', budgetFactor, this.precision.weight + 2))
    this.last = at.value
    const cents: Decimal = { digits: BigInt(partner.payment_cents), exponent: -2 }
    const rounding = sumOf([cents, { ...at.value, digits: -at.value.digits }])
    if (rounding.digits !== 0n) {
      const addends = [plus(at), plus({ kind: 'eur', value: rounding })]
      this.add(Math.abs(numberOf(rounding)) < 0.01 ? 'rounding' : 'unexplained', null, addends, ['eur', 2])
    }
    const result: Amount = { kind: 'eur', value: cents }
    this.steps.push({ step: 'payment', measure: null, equation: null, result, moves: [0, numberOf(cents)] })
  }

  private deadBand(value: Amount): Amount {
    const { dead_band_eur } = this.worth.partner
    const { digits } = value.value
    if (dead_band_eur === 0 || digits === 0n) return value
    const isAgreed = dead_band_eur === this.contract.deadBand.eur
    const band = isAgreed ? price(dead_band_eur) : rounded('eur', dead_band_eur, this.precision.gain)
    const size = { ...value.value, digits: digits < 0n ? -digits : digits }
    const width = evaluated([plus(band, this.years)], this.precision.eur)
    if (this.worth.steps.beyondDeadBand === 0) {
      this.add('withinDeadBand', null, [plus(band, this.years)], ['eur', this.precision.eur])
      return this.end('withinDeadBand', value)
    }
    const addends = [plus(value), { minus: digits > 0n, factors: [band, this.years] }]
    const left = this.money('deadBand', addends, numberOf(value.value))
    // Within a rounding of the band's edge the printed numbers may fall on the other side of it.
    return sumOf([size, { ...width, digits: -width.digits }]).digits < 0n ? this.end('deadBand', left) : left
  }

  private corridor(at: Amount): Amount {
    const { shared, withinCorridor } = this.worth.steps
    if (shared === withinCorridor) return at
    const { floor, cap } = this.contract.corridorEur
    const isCap = shared > withinCorridor
    const bound = (isCap ? cap : floor) ?? 0
    return this.money(isCap ? 'cap' : 'floor', [plus(price(bound), this.years)], numberOf(at.value))
  }
}
