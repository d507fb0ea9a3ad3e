/** All pages: each file of them registers its own routes. */
import type { FastifyInstance } from 'fastify'
import { audit } from './audit.ts'
import { dictionary } from './dictionary.ts'
import { keys } from './keys.ts'
import { method } from './method.ts'
import { researchAnswer } from './research-answer.ts'
import { researchNew } from './research-new.ts'
import { research } from './research.ts'
import { paymentDraft } from './money/insurer.ts'
import { ledger } from './money/ledger.ts'
import { contracts } from './sources/contracts.ts'
import { imports } from './sources/imports.ts'
import { jobs } from './sources/jobs.ts'
import { models } from './sources/models.ts'
import { region } from './sources/region.ts'
import { uploads } from './sources/uploads.ts'
import { settlementList } from './settlement-list.ts'
import { settlementPages } from './settlement-pages.ts'
import { today } from './today.ts'

export const pages: readonly ((app: FastifyInstance) => Promise<void>)[] = [
  today,
  settlementList,
  ...settlementPages,
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
