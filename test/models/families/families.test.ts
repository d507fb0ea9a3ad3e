import { describe, expect, test } from 'vitest'
import { FIT_GROUPS } from '../../../models/ensemble/fit-groups.ts'
import { families } from '../../../models/registry.ts'
import { checkEstimator } from '../estimator-checks.ts'

for (const family of families) describe(`the family ${family.name}`, () => checkEstimator(family))

test('every family is fitted in one group', () => {
  expect(FIT_GROUPS.flat().sort()).toEqual(families.map(({ name }) => name).sort())
})
