/** All pages: each file of them registers its own routes. */
import type { FastifyInstance } from 'fastify'
import { jobs } from './sources/jobs.ts'
import { settlementList } from './settlement-list.ts'
import { settlementPages } from './settlement-pages.ts'
import { today } from './today.ts'

export const pages: readonly ((app: FastifyInstance) => Promise<void>)[] = [
  today,
  settlementList,
  ...settlementPages,
  jobs,
]
