/** Unit usage and likely causes of faults, counted during the import for the profile of the delivery. */
import type { ClientBase } from 'pg'
import type { Cause } from '../../profile/likely-cause.ts'

/** One unit of one measure; blank where the file named none. */
export interface UsedUnit {
  readonly measureId: number
  readonly unit: string
  /** whether values in it had to be converted */
  readonly converted: boolean
  /** accepted rows, exact duplicates included */
  rows: number
}

export class UnitUsage {
  /** unit of the value read last; counted once its row is accepted */
  private current: UsedUnit | null = null
  private readonly units = new Map<string, UsedUnit>()
  /** faults by measure (null: none) and likely cause */
  private readonly causes = new Map<string, { measureId: number | null; cause: Cause; rows: number }>()

  unit(measureId: number, unit: string, converted: boolean): UsedUnit {
    const key = `${measureId} ${unit}`
    let usage = this.units.get(key)
    if (!usage) this.units.set(key, (usage = { measureId, unit, converted, rows: 0 }))
    return usage
  }

  read(unit: UsedUnit): void {
    this.current = unit
  }

  /** The current row is accepted. */
  accepted(): void {
    if (this.current === null) return
    this.current.rows++
    this.current = null
  }

  suspect(measureId: number | null, cause: Cause): void {
    const key = `${measureId} ${cause}`
    const counted = this.causes.get(key)
    if (counted) counted.rows++
    else this.causes.set(key, { measureId, cause, rows: 1 })
  }

  /** Stores the counts with their delivery. */
  async record(client: ClientBase, deliveryId: number): Promise<void> {
    const units = [...this.units.values()].filter(({ rows }) => rows > 0)
    await client.query(
      `insert into unit_usage (delivery_id, measure_id, unit, converted, rows)
       select $1, * from unnest($2::smallint[], $3::text[], $4::boolean[], $5::bigint[])`,
      [
        deliveryId,
        units.map(({ measureId }) => measureId),
        units.map(({ unit }) => unit),
        units.map(({ converted }) => converted),
        units.map(({ rows }) => rows),
      ],
    )
    const causes = [...this.causes.values()]
    await client.query(
      `insert into likely_cause (delivery_id, measure_id, cause, faults)
       select $1, * from unnest($2::smallint[], $3::text[], $4::bigint[])`,
      [
        deliveryId,
        causes.map(({ measureId }) => measureId),
        causes.map(({ cause }) => cause),
        causes.map(({ rows }) => rows),
      ],
    )
  }
}
