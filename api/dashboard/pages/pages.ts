/** All pages: each file of them registers its own routes. */
import type { FastifyInstance } from 'fastify'
import { audit } from './audit.ts'
import { dictionary } from './research/dictionary.ts'
import { keys } from './keys.ts'
import { method } from './method.ts'
import { researchAnswer } from './research/answer.ts'
import { researchNew } from './research/new.ts'
import { research } from './research/research.ts'
import { paymentDraft } from './money/insurer.ts'
import { ledger } from './money/ledger.ts'
import { contracts } from './sources/contracts.ts'
import { imports } from './sources/imports.ts'
import { jobs } from './sources/jobs.ts'
import { models } from './sources/models.ts'
import { region } from './sources/region.ts'
import { uploads } from './sources/uploads.ts'
import { settlementList } from './settlement/list.ts'
import { acts } from './settlement/acts.ts'
import { boardPages } from './partner/board.ts'
import { disputeFiling } from './partner/dispute-filing.ts'
import { settlementDisputes } from './partner/settlement-disputes.ts'
import { disputes } from './partner/disputes.ts'
import { partnerFiles } from './partner/files.ts'
import { partnerPage } from './partner/partner.ts'
import { patientPage } from './partner/patient.ts'
import { patientLists } from './partner/patients.ts'
import { settlementDifferences } from './settlement/difference.ts'
import { settlementFiles } from './settlement/files.ts'
import { settlementPage } from './settlement/settlement.ts'
import { work } from './partner/work.ts'
import { today } from './today.ts'

export const pages: readonly ((app: FastifyInstance) => Promise<void>)[] = [
  today,
  settlementList,
  settlementPage,
  settlementFiles,
  settlementDifferences,
  acts,
  partnerPage,
  partnerFiles,
  boardPages,
  patientPage,
  patientLists,
  work,
  disputes,
  disputeFiling,
  settlementDisputes,
  jobs,
  research,
  researchNew,
  researchAnswer,
  dictionary,
  audit,
  keys,
  method,
  imports,
  uploads,
  models,
  contracts,
  region,
  ledger,
  paymentDraft,
]
