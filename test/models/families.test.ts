import { describe } from 'vitest'
import { families } from '../../models/registry.ts'
import { checkEstimator } from './estimator-checks.ts'

for (const family of families) describe(`the family ${family.name}`, () => checkEstimator(family))
