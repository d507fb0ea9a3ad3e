/** A figure says where it was read and how sure that is, as a constant does. */
import type { Constant } from '../constants/constant.ts'

export type Sourced = Pick<Constant, 'source' | 'certainty'>
