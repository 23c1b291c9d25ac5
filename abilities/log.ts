// Log: bounded lines for whoever runs the function. They travel with the progress of a
// run; showing them safely (no control characters on a terminal) is up to who shows them.

import { type Call, encodedArgument, expectAtMost, objectArgument, textArgument } from './arguments.ts'
import { LOG } from './builtin.ts'
import { ABILITY_LIMITS } from './limits.ts'
import { type LogEntry, makeProvider, type PerformContext, type Provider } from './provider.ts'

/** Answers Log by handing each line to the context of the run. */
export function makeLogProvider(): Provider {
  const logAt = (level: LogEntry['level']) => (call: Call, context: PerformContext) => {
    context.log({ level, ...readLine(call) })
    return undefined
  }
  return makeProvider(LOG, {
    debug: logAt('debug'),
    info: logAt('info'),
    warn: logAt('warn'),
    error: logAt('error'),
  })
}

function readLine(call: Call): Omit<LogEntry, 'level'> {
  expectAtMost(call, 2)
  const message = textArgument(call, {
    position: 0,
    name: 'message',
    maxBytes: ABILITY_LIMITS.logMessageBytes,
  })
  if (call.arguments[1] === undefined) return { message }
  const attributes = objectArgument(call, { position: 1, name: 'attributes' })
  encodedArgument(call, { position: 1, name: 'attributes', maxBytes: ABILITY_LIMITS.logAttributesBytes })
  return { message, attributes }
}
