/** The pages about one settlement, and what hangs on it. */
import type { FastifyInstance } from 'fastify'
import { acts } from './acts.ts'
import { disputeFiling } from './dispute-filing.ts'
import { disputes } from './disputes.ts'
import { partnerFiles } from './partner-files.ts'
import { partnerPage } from './partner.ts'
import { patientPage } from './patient.ts'
import { patientLists } from './patients.ts'
import { settlementDifferences } from './settlement-difference.ts'
import { settlementFiles } from './settlement-files.ts'
import { settlementPage } from './settlement.ts'
import { work } from './work.ts'

export const settlementPages: readonly ((app: FastifyInstance) => Promise<void>)[] = [
  settlementPage,
  settlementFiles,
  settlementDifferences,
  acts,
  partnerPage,
  partnerFiles,
  patientPage,
  patientLists,
  work,
  disputes,
  disputeFiling,
]
