/** Who may ask what: rights as data, one row a route. What of it a role is shown, its last column says; the database holds the same lines. */
import type { Role } from '../data/access/keys.ts'

/** Whose objects a role may ask a route about. `region`: all of its region. `insured`: what concerns the people it insures. `own`: itself and its
 *  patients. `released`: released settlements, no money and no names. */
export type Scope = 'region' | 'insured' | 'own' | 'released'
export type Right = 'public' | Readonly<Partial<Record<Role, Scope>>>

const region = 'region' as const
const staff = { analyst: region, auditor: region } as const
const parties = { insurer: 'insured', partner: 'own' } as const
const everyone = { ...staff, ...parties, researcher: 'released' } as const

export const RIGHTS: Readonly<Record<string, Right>> = {
  'GET /': 'public',
  'POST /login': 'public',
  'POST /logout': 'public',
  'GET /health': 'public',
  'GET /openapi.json': 'public',

  'POST /contracts': { analyst: region },
  'GET /contracts': everyone,
  'GET /contracts/:contract': everyone,
  'POST /contracts/:contract/runs': { analyst: region },
  'GET /runs/:run': staff,
  'GET /deliveries/profile': staff,

  'GET /settlements': everyone,
  'GET /settlements/:settlement': everyone,
  'GET /settlements/:settlement/partners/:partner': { ...staff, ...parties },
  'GET /settlements/:settlement/partners/:partner/receipt': { ...staff, partner: 'own' },
  'GET /settlements/:settlement/report': staff,
  'GET /settlements/:settlement/outcomes': everyone,
  'GET /settlements/:settlement/difference': { ...staff, partner: 'own' },
  'POST /settlements/:settlement/differences': { analyst: region },

  'GET /settlements/:settlement/life': { ...staff, ...parties },
  'POST /settlements/:settlement/:act': { analyst: region, insurer: 'insured' },
  'GET /ledger': staff,
  'GET /ledger/head': everyone,

  'POST /settlements/:settlement/dispute-previews': { partner: 'own' },
  'GET /dispute-previews/:preview': { partner: 'own' },
  'POST /dispute-previews/:preview/file': { partner: 'own' },
  'GET /settlements/:settlement/disputes': { ...staff, ...parties },
  'POST /disputes/:dispute/ruling': { analyst: region, insurer: 'insured' },

  'GET /models': everyone,
  'GET /models/:model': everyone,
  'POST /models/:model/decisions': { analyst: region },
}
