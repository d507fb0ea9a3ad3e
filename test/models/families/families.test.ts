import { describe, expect, test } from 'vitest'
import { LANES } from '../../../models/ensemble/fit-groups.ts'
import { families } from '../../../models/registry.ts'
import { checkEstimator } from '../estimator-checks.ts'

for (const family of families) describe(`the family ${family.name}`, () => checkEstimator(family))

test('every family learns in one lane', () => {
  expect(LANES.flat().sort()).toEqual(families.map(({ name }) => name).sort())
})
