import { ability, op } from 'ucm/abilities'

export const Mail = ability('Mail', { send: op<[to: string, text: string], void>() })

export function* welcome(to: string) {
  yield* Mail.send(to, `Welcome, ${to.split('@')[0]}!`)
  return to.length
}
