import { Codebase } from 'mycel/codebase'
import { EVERYTHING, Executor, generateIdentity } from 'mycel/executor'

const codebase = await Codebase.open('.', { author: 'shop', clock: () => Date.now() })
const mail = {
  ability: 'Mail',
  operations: ['send'],
  async perform(_operation: string, [to, text]: readonly unknown[]) {
    console.log(`to ${to}: ${text}`)
    return undefined
  },
}
const { signer } = await generateIdentity()
const { objects, memo } = codebase
const executor = new Executor({ objects, memo, providers: [mail], signer, clock: () => performance.now() })

const { reference } = await codebase.resolve('welcome')
const { outcome, fuel } = await executor.run({ reference, args: ['ada@example.com'], allow: EVERYTHING })
console.log(outcome, fuel > 0)

await executor.close()
await codebase.close()
