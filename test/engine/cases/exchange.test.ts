/** From units to QALY and EUR: the worked examples of exchange.yaml. */
import { EXCHANGE } from '../../../data/exchange/exchange.ts'
import { bracketOf, shortfallOf } from '../../../engine/exchange/burden.ts'
import { qalyOfAvoided } from '../../../engine/exchange/decrement.ts'
import { presentValueOf } from '../../../engine/exchange/discount.ts'
import { priceOf } from '../../../engine/exchange/exchange-rate.ts'
import { utilityGainOf, utilityOf } from '../../../engine/exchange/value-set.ts'
import { valueSdOf } from '../../../engine/settlement/value.ts'
import { check, refusedOr } from '../../support/cases.ts'

interface Given {
  readonly set?: string
  readonly afterSet?: string
  readonly profile?: string
  readonly before?: string
  readonly after?: string
  readonly qaly?: number
  readonly measure?: string
  readonly price?: number
  readonly priceSe?: number
  readonly gain?: number
  readonly variance?: number
  readonly event?: string
  readonly avoided?: number
  readonly burden?: number
  readonly withDisease?: number
  readonly without?: number
  readonly of?: 'costs' | 'effects'
  readonly yearly?: number[]
}

const setOf = (id: string) => EXCHANGE.valueSets.find((set) => set.id === id)!

check('exchange', (given: Given) => refusedOr(() => computed(given)))

function computed(given: Given): unknown {
  const { profile, before, after, qaly, price, event, burden, withDisease, yearly } = given
  if (profile !== undefined) return { utility: utilityOf(setOf(given.set!), profile).value }
  if (before !== undefined) {
    const [from, to] = [utilityOf(setOf(given.set!), before), utilityOf(setOf(given.afterSet ?? given.set!), after!)]
    return { gain: utilityGainOf(from, to) }
  }
  if (qaly !== undefined) {
    const { priceEur, exchange } = priceOf(
      qaly,
      EXCHANGE.rates.find(({ measure }) => measure === given.measure)!,
    )
    return { price: priceEur, se: exchange.priceSe }
  }
  if (price !== undefined) return { sd: sdOf(price, given.priceSe!, given.gain!, given.variance!) }
  if (event !== undefined)
    return qalyOfAvoided(
      EXCHANGE.decrements.find((each) => each.event === event)!,
      given.avoided!,
    )
  if (yearly !== undefined) return { today: presentValueOf(yearly, EXCHANGE.discounting[given.of!]) }
  const lost = withDisease === undefined ? burden! : shortfallOf(withDisease, given.without!)
  return { burden: lost, qalyEur: bracketOf(EXCHANGE.brackets, lost).qalyEur }
}

const sdOf = (price: number, priceSe: number, credibleGain: number, variance: number) =>
  valueSdOf(
    [
      {
        price,
        priceSe,
        credibleGain,
        variance,
        credibleVariance: variance,
        sharedVariance: 0,
        shareMissing: 0,
        excessMissing: { excess: 0, se: 0 },
        eligible: 100,
        residualSd: 0,
      },
    ],
    () => 0,
    () => 0,
  )
