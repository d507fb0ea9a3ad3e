/** Deliveries over HTTP. */
import { Type } from 'typebox'
import type { Format } from '../../data/interchange/convert.ts'

/** The formats in which a delivery is uploaded. */
export const UPLOAD_FORMATS = ['csv', 'fhir', 'omop', 'his', 'xlsx', 'parquet', 'jsonl'] as const satisfies readonly (
  'csv' | Format
)[]

export const DeliveryId = Type.Object({ delivery: Type.Integer({ minimum: 1 }) })

export const DeliveryView = Type.Object({
  delivery_id: Type.Integer(),
  delivered_on: Type.String({ description: 'the day from which it is known, YYYY-MM-DD' }),
  content_sha256: Type.String({ description: 'of the files read and the choices that shape their rows' }),
  files: Type.Array(Type.Object({ name: Type.String(), rows: Type.Integer(), rejected: Type.Integer() })),
})

export const PracticeIssuesView = Type.Object({
  practice_id: Type.String({ description: 'blank: rows of which no practice is known' }),
  rejected: Type.Integer(),
  kept: Type.Integer({ description: 'rows that were kept with a cell left blank or read otherwise' }),
})
