/** All pages: each file of them registers its own routes. */
import type { FastifyInstance } from 'fastify'
import { audit } from './audit.ts'
import { dictionary } from './dictionary.ts'
import { jobs } from './sources/jobs.ts'
import { keys } from './keys.ts'
import { method } from './method.ts'
import { researchAnswer } from './research-answer.ts'
import { researchNew } from './research-new.ts'
import { research } from './research.ts'
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
]
