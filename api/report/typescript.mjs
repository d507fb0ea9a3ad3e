/** Lets a thread load TypeScript, whether or not its parent was started with `--import tsx` (a test runner is not). */
import { register } from 'tsx/esm/api'

register()
