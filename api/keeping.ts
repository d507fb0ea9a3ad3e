/** Which pages are kept as rendered, one row for every GET that needs a token: what a reader was shown once it is shown again without being
 *  made again, until something is recorded that could change it. */

/** `kept`: the bytes are kept for the same reader, with their tag. `tagged`: made anew each time, with a tag, since it shows persons and every
 *  look at a person is a look. `anew`: follows what is no change to other pages, such as a queue, or the
 *  register of questions. */
export type Keeping = 'kept' | 'tagged' | 'anew'

export const KEEPING: Readonly<Record<string, Keeping>> = {
  'GET /v1/regions': 'kept',
  'GET /v1/keys': 'anew',
  'GET /v1/audit': 'anew',
  'GET /v1/audit/heads': 'anew',
  'GET /v1/audit/verification': 'anew',

  'GET /v1/contracts': 'kept',
  'GET /v1/contracts/:contract': 'kept',
  'GET /v1/runs': 'anew',
  'GET /v1/runs/:run': 'anew',
  'GET /v1/runs/:run/expectations': 'tagged',
  'GET /v1/jobs': 'anew',
  'GET /v1/jobs/:job': 'anew',
  'GET /v1/jobs/:job/events': 'anew',

  'GET /v1/deliveries': 'anew',
  'GET /v1/deliveries/:delivery': 'anew',
  'GET /v1/deliveries/:delivery/practices': 'anew',
  'GET /v1/deliveries/:delivery/practices/:practice': 'anew',
  'GET /v1/deliveries/:delivery/rejects': 'anew',
  'GET /v1/deliveries/:delivery/warnings': 'anew',
  'GET /v1/deliveries/profile': 'kept',

  'GET /v1/work': 'tagged',

  'GET /v1/partners': 'kept',
  'GET /v1/partners/:partner': 'kept',
  'GET /v1/patients': 'tagged',
  'GET /v1/patients/:patient': 'tagged',
  'GET /v1/programmes': 'kept',
  'GET /v1/programmes/:programme': 'kept',

  'GET /v1/settlements': 'kept',
  'GET /v1/settlements/:settlement': 'kept',
  'GET /v1/settlements/:settlement/partners/:partner': 'kept',
  'GET /v1/settlements/:settlement/partners/:partner/receipt': 'tagged',
  'GET /v1/settlements/:settlement/report': 'kept',
  'GET /v1/settlements/:settlement/calculation': 'kept',
  'GET /v1/settlements/:settlement/outcomes': 'kept',
  'GET /v1/settlements/:settlement/difference': 'kept',
  'GET /v1/differences': 'kept',

  'GET /v1/settlements/:settlement/life': 'kept',
  'GET /v1/settlements/:settlement/bundle': 'anew',
  'GET /v1/ledger': 'kept',
  'GET /v1/ledger/head': 'kept',
  'GET /v1/payments': 'kept',

  'GET /v1/dispute-previews/:preview': 'anew',
  'GET /v1/settlements/:settlement/disputes': 'tagged',
  'GET /v1/disputes': 'tagged',

  'GET /v1/questions': 'anew',
  'GET /v1/questions/:question': 'anew',
  'GET /v1/questions/:question/answer': 'kept',

  'GET /v1/models': 'kept',
  'GET /v1/models/:model': 'kept',
}
