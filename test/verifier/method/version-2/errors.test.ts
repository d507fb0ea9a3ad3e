import { describe, expect, test } from 'vitest'
import { partnerMeans } from '../../../../verifier/method/partner-mean.ts'
import { squaredErrors } from '../../../../verifier/method/version-2/errors.ts'
import { casesOf } from '../cases.ts'

interface ErrorCase {
  readonly name: string
  /** contributions by partner and practice */
  readonly partners: readonly (readonly (readonly number[])[])[]
  readonly squared_errors: readonly number[]
}

describe('the error of a partner’s mean', () => {
  test.each(casesOf('errors') as ErrorCase[])('$name', ({ partners, squared_errors }) => {
    const rows = partners.flatMap((practices, partner) =>
      practices.flatMap((values, practice) => values.map((value) => ({ partner, practice, value }))),
    )
    const means = partnerMeans(
      {
        partner: rows.map(({ partner }) => partner),
        practice: rows.map(({ practice }) => practice),
        value: rows.map(({ value }) => value),
      },
      partners.length,
      squaredErrors,
    )
    means.forEach((each, p) => {
      if (squared_errors[p] === 0) expect(each).toBeNull()
      else expect(each!.se ** 2).toBeCloseTo(squared_errors[p]!, 10)
    })
  })
})
