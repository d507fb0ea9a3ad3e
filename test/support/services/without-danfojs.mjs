/** For `node --import`: a process in which danfojs-node is not installed. */
import { register } from 'node:module'

const hooks = `export const resolve = (name, context, next) =>
  next(name === 'danfojs-node' ? 'danfojs-node-that-nobody-installed' : name, context)`
register(`data:text/javascript,${encodeURIComponent(hooks)}`)
