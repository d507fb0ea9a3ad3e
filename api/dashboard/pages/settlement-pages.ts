/** The pages about one settlement, and what hangs on it. */
import type { FastifyInstance } from 'fastify'
import { acts } from './acts.ts'
import { partnerFiles } from './partner-files.ts'
import { partnerPage } from './partner.ts'
import { settlementDifferences } from './settlement-difference.ts'
import { settlementFiles } from './settlement-files.ts'
import { settlementPage } from './settlement.ts'

export const settlementPages: readonly ((app: FastifyInstance) => Promise<void>)[] = [
  settlementPage,
  settlementFiles,
  settlementDifferences,
  acts,
  partnerPage,
  partnerFiles,
]
