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
  'GET /sign-in': 'public',
  'POST /sign-in': 'public',
  'GET /sign-in/provider': 'public',
  'GET /sign-in/callback': 'public',
  'GET /sign-in/link/:code': 'public',
  'POST /sign-in/link': 'public',
  'POST /sign-out': 'public',
  'GET /assets/:file': 'public',
  'GET /health': 'public',
  'GET /ready': 'public',
  // On the machine itself, or with a token of its own (plugins/watch/metrics.ts).
  'GET /metrics': 'public',
  'GET /openapi.json': 'public',

  // Pages: what they show they ask of /v1 in the reader's name.
  'GET /settlements': everyone,
  'GET /jobs': { ...staff, ...parties },
  'GET /jobs/:job': { ...staff, ...parties },
  'GET /jobs/:job/events': { ...staff, ...parties },
  'POST /jobs/:job/cancel': { analyst: region, ...parties },
  'GET /settlements/:settlement': everyone,
  'GET /settlements/:settlement/tables/:table/:kind': { ...staff, ...parties },
  'GET /settlements/:settlement/pdf': { ...staff, ...parties },
  'GET /settlements/:settlement/partners/:partner': { ...staff, ...parties },
  'GET /settlements/:settlement/partners/:partner/tables/:table/:kind': { ...staff, partner: 'own' },
  'GET /settlements/:settlement/partners/:partner/pdf': { ...staff, partner: 'own' },
  'GET /settlements/:settlement/partners/:partner/patients': { ...staff, partner: 'own' },
  'GET /settlements/:settlement/partners/:partner/patients/:patient': { ...staff, partner: 'own' },
  'GET /settlements/:settlement/partners/:partner/patients/:patient/letter': { ...staff, partner: 'own' },
  'POST /settlements/:settlement/partners/:partner/patients/:patient/dispute': parties,
  'GET /dispute-previews/:preview': parties,
  'POST /dispute-previews/:preview/file': parties,
  'GET /disputes': { ...staff, ...parties },
  'GET /disputes/tables/:kind': { ...staff, ...parties },
  'GET /disputes/:dispute': { ...staff, ...parties },
  'POST /disputes/:dispute/ruling': { analyst: region, insurer: 'insured' },
  'GET /patients': { ...staff, partner: 'own' },
  'GET /patients/:patient': { ...staff, partner: 'own' },
  'GET /work': { ...staff, partner: 'own' },
  'GET /work/rows': { ...staff, partner: 'own' },
  'GET /work/tables/:kind': { ...staff, partner: 'own' },
  'POST /settlements/:settlement/differences/:from': { analyst: region },
  'POST /settlements/:settlement/acts/:act': { analyst: region, insurer: 'insured' },
  'GET /research': { ...staff, researcher: 'released' },
  'GET /research/new': { researcher: 'released' },
  'POST /research/new': { researcher: 'released' },
  'GET /research/dictionary': { ...staff, researcher: 'released' },
  'GET /research/:question': { ...staff, researcher: 'released' },
  'POST /research/:question': { researcher: 'released' },
  'GET /research/:question/answer.csv': { ...staff, researcher: 'released' },
  'GET /research/:question/answer.parquet': { ...staff, researcher: 'released' },
  'GET /research/:question/answer.arrow': { ...staff, researcher: 'released' },
  'GET /method': { ...everyone, administrator: region },
  'GET /audit': { auditor: region },
  'GET /audit/chain': { auditor: region },
  'GET /keys': { administrator: region },
  'POST /keys': { administrator: region },
  'POST /keys/:key/revocation': { administrator: region },

  'GET /v1/regions': { ...everyone, administrator: region },
  'GET /v1/keys': { administrator: region },
  'POST /v1/keys': { administrator: region },
  'POST /v1/keys/:key/revocation': { administrator: region },
  'GET /v1/audit': { auditor: region },
  'GET /v1/audit/heads': { auditor: region },
  'GET /v1/audit/verification': { auditor: region },

  'POST /v1/contracts': { analyst: region },
  'GET /v1/contracts': everyone,
  'GET /v1/contracts/:contract': everyone,
  'POST /v1/contracts/:contract/runs': { analyst: region },
  'GET /v1/runs': staff,
  'GET /v1/runs/:run': staff,
  'GET /v1/runs/:run/expectations': { ...staff, partner: 'own' },
  'GET /v1/jobs': { ...staff, ...parties },
  'GET /v1/jobs/:job': { ...staff, ...parties },
  'GET /v1/jobs/:job/events': { ...staff, ...parties },
  'POST /v1/jobs/:job/cancel': { analyst: region, ...parties },

  'GET /v1/programmes': everyone,
  'GET /v1/programmes/:programme': everyone,
  'GET /v1/partners': { ...staff, ...parties },
  'GET /v1/partners/:partner': { ...staff, ...parties },
  'GET /v1/patients': { ...staff, partner: 'own' },
  'GET /v1/patients/:patient': { ...staff, partner: 'own' },
  'GET /v1/differences': staff,
  'GET /v1/disputes': { ...staff, ...parties },
  'POST /v1/deliveries': { analyst: region },
  'GET /v1/deliveries': staff,
  'GET /v1/deliveries/:delivery': staff,
  'GET /v1/deliveries/:delivery/rejects': staff,
  'GET /v1/deliveries/:delivery/warnings': staff,
  'GET /v1/deliveries/:delivery/practices': staff,
  'GET /v1/deliveries/:delivery/practices/:practice': staff,
  'GET /v1/deliveries/profile': staff,

  'GET /v1/work': { ...staff, partner: 'own' },

  'GET /v1/settlements': everyone,
  'GET /v1/settlements/:settlement': everyone,
  'GET /v1/settlements/:settlement/partners/:partner': { ...staff, ...parties },
  'GET /v1/settlements/:settlement/partners/:partner/receipt': { ...staff, partner: 'own' },
  'GET /v1/settlements/:settlement/calculation': { ...staff, ...parties },
  'GET /v1/settlements/:settlement/report': staff,
  'GET /v1/settlements/:settlement/outcomes': { ...staff, ...parties },
  'GET /v1/settlements/:settlement/difference': { ...staff, partner: 'own' },
  'POST /v1/settlements/:settlement/differences': { analyst: region },

  'GET /v1/settlements/:settlement/life': { ...staff, ...parties },
  'GET /v1/settlements/:settlement/bundle': { insurer: 'insured' },
  'POST /v1/settlements/:settlement/:act': { analyst: region, insurer: 'insured' },
  'GET /v1/ledger': { ...staff, ...parties },
  'GET /v1/payments': { ...staff, ...parties },
  'GET /v1/ledger/head': everyone,

  'POST /v1/settlements/:settlement/dispute-previews': parties,
  'GET /v1/dispute-previews/:preview': parties,
  'POST /v1/dispute-previews/:preview/file': parties,
  'GET /v1/settlements/:settlement/disputes': { ...staff, ...parties },
  'POST /v1/disputes/:dispute/ruling': { analyst: region, insurer: 'insured' },

  'POST /v1/questions': { researcher: 'released' },
  'GET /v1/questions': { ...staff, researcher: 'released' },
  'GET /v1/questions/:question': { ...staff, researcher: 'released' },
  'GET /v1/questions/:question/answer': { ...staff, researcher: 'released' },

  'GET /v1/models': everyone,
  'GET /v1/models/:model': everyone,
  'POST /v1/models/:model/decisions': { analyst: region },
}

/** The same of what is there with `winst serve --dev-issuer` alone. */
export const DEVELOPMENT_RIGHTS: Readonly<Record<string, Right>> = { 'POST /development-issuer/token': 'public' }
