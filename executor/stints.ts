// Does stints: keeps images of programs, sandboxes, and the runs that wait for an answer. It
// decides nothing: bounds come with each stint. Belongs to one thread (worker.ts).

import { LRUCache } from 'lru-cache'
import { type AtHand, type AtHandModules, goOnAtHand, type WentOn } from './at-hand.ts'
import { type Image, imageBytes, type Parked } from './image.ts'
import { EXECUTOR_LIMITS } from './limits.ts'
import { type CallBounds, type Reply, Sandbox, type SandboxPowers } from './sandbox.ts'
import {
  isFresh,
  isWaiting,
  type PostedFresh,
  type PostedStint,
  type StintReply,
  type StopStint,
  wordsOf,
} from './stint.ts'

/** An image of a program and what making it took. */
interface ProgramImage {
  readonly image: Image
  readonly fuel: number
}

/** A run that waits for an answer: in its sandbox, or as what differs from its image. */
interface Awake {
  readonly sandbox: Sandbox
  readonly image: Image
}
interface Asleep {
  readonly parked: Parked
  readonly image: Image
}

/** What a stint came to, as far as a sandbox can tell. */
export type StintResult = Omit<StintReply, 'trace' | 'ms'>

export class Stints {
  readonly #powers: SandboxPowers
  readonly #atHand: AtHandModules
  readonly #runtimeImage: Image
  readonly #images = new LRUCache<string, ProgramImage>({
    maxSize: EXECUTOR_LIMITS.imageCacheBytes,
    sizeCalculation: ({ image }) => imageBytes(image),
  })
  readonly #idle: Sandbox[] = []
  /** Ready for a program to be loaded. */
  #prepared: Sandbox | undefined
  /** Runs that wait for an answer, those that began to wait first in front. */
  readonly #awake = new Map<number, Awake>()
  readonly #asleep = new Map<number, Asleep>()

  constructor(powers: SandboxPowers, atHand: AtHandModules) {
    this.#powers = powers
    this.#atHand = atHand
    this.#runtimeImage = new Sandbox(powers).boot()
  }

  /** Does a stint; `unknown-image` when it starts a program that is not kept and did not come along. */
  perform(stint: PostedStint): StintResult | 'unknown-image' {
    if (isFresh(stint)) return this.#begin(stint)
    const waiting = this.#take(stint.run)
    if (!waiting) throw new RangeError(`Cannot answer run ${stint.run}: it waits for nothing`)
    const sandbox = 'sandbox' in waiting ? waiting.sandbox : this.#acquire(waiting.image, waiting.parked)
    const reply = sandbox.call(stint.kind, wordsOf(stint), stint.bounds)
    const went = this.#goOn(sandbox, reply, stint.bounds, stint.atHand)
    return this.#proceed({ run: stint.run, sandbox, image: waiting.image }, went)
  }

  /** Readies a sandbox for the next program that is not kept: for when nobody waits. */
  prepare(): void {
    this.#prepared ??= this.#acquire(this.#runtimeImage)
  }

  /** Gives up the sandbox of a run that will get no answer. */
  drop(run: number): void {
    const waiting = this.#take(run)
    if (waiting && 'sandbox' in waiting) this.#release(waiting.sandbox)
  }

  #begin(stint: PostedFresh): StintResult | 'unknown-image' {
    const made = this.#imageOf(stint)
    if (made === 'unknown-image' || 'reply' in made) return made
    const { image, fuel } = made
    if (stint.kind === 'stop') return this.#stop(stint, image)
    const bounds: CallBounds = { ...stint.bounds, fuel: stint.bounds.fuel - fuel }
    const sandbox = this.#acquire(image, stint.kind === 'go' ? stint.state : undefined)
    const reply = beginIn(sandbox, stint, bounds)
    if (stint.kind === 'go') return this.#proceed({ run: stint.run, sandbox, image }, wentTo(sandbox, reply))
    const went = this.#goOn(sandbox, reply, bounds, stint.atHand)
    return this.#proceed({ run: stint.run, sandbox, image }, { ...went, used: went.used + fuel })
  }

  /** Goes on from a reply with what is at hand, if anything may be. */
  #goOn(sandbox: Sandbox, reply: Reply, bounds: CallBounds, atHand: AtHand | undefined): WentOn {
    if (!atHand || !isWaiting(reply)) return wentTo(sandbox, reply)
    const { isInterrupted } = this.#powers
    return goOnAtHand(sandbox, reply, { bounds, atHand, modules: this.#atHand, isInterrupted })
  }

  /** Brings a run to where it captured a continuation. */
  #stop({ began, told, continuation, bounds }: Omit<StopStint, 'program'>, image: Image): StintResult {
    const sandbox = this.#acquire(image, began.kind === 'go' ? began.state : undefined)
    let used = 0
    const left = (): CallBounds => ({ ...bounds, fuel: bounds.fuel - used })
    const counted = (reply: Reply): Reply => {
      used += sandbox.used
      return used < bounds.fuel ? reply : { stop: 'fuel' }
    }
    let reply = counted(sandbox.call('stopAt', [`${continuation}`], left()))
    if ('text' in reply) reply = counted(beginIn(sandbox, began, left()))
    for (const each of told) {
      if (!isWaiting(reply)) break
      reply = counted(sandbox.call(each.kind, wordsOf(each), left()))
    }
    const result = { reply, used, heapBytes: sandbox.heapBytes }
    const isThere = 'text' in reply && reply.text === 'c'
    const parked = isThere ? sandbox.park(image) : undefined
    this.#release(sandbox)
    return parked ? { ...result, parked } : result
  }

  /**
   * The program's image. A kept one serves only when making it anew would go through under these
   * bounds too, so that a call ends the same way whether or not its image is kept.
   */
  #imageOf(stint: PostedFresh): ProgramImage | StintResult | 'unknown-image' {
    const { image, bounds } = stint
    const kept = this.#images.get(image)
    if (kept && kept.fuel < bounds.fuel && kept.image.heap.length <= bounds.memoryBytes) return kept
    if (!('program' in stint)) return 'unknown-image'
    const sandbox = this.#prepared ?? this.#acquire(this.#runtimeImage)
    this.#prepared = undefined
    const reply = sandbox.load(stint.program, bounds)
    const isLoaded = 'text' in reply && reply.text === 'v'
    const made = { image: sandbox.snapshot(), fuel: sandbox.used }
    const failed = { reply, used: sandbox.used, heapBytes: sandbox.heapBytes }
    this.#release(sandbox)
    if (!isLoaded) return failed
    if (made.fuel >= bounds.fuel) return { ...failed, reply: { stop: 'fuel' } }
    this.#images.set(image, made)
    return made
  }

  /** Keeps the sandbox of a run that waits for an answer; gives up that of any other. */
  #proceed({ run, sandbox, image }: Awake & { readonly run: number }, went: WentOn): StintResult {
    const { heapBytes } = sandbox
    if (isWaiting(went.reply)) this.#keep(run, { sandbox, image })
    else this.#release(sandbox)
    const { reply, used, answered, left } = went
    return answered.length === 0 ? { reply, used, heapBytes } : { reply, used, heapBytes, answered, left }
  }

  /** Keeps a run that waits; of those that wait longest only what differs from their image. */
  #keep(run: number, awake: Awake): void {
    this.#awake.set(run, awake)
    if (this.#awake.size <= EXECUTOR_LIMITS.waitingSandboxes) return
    const [oldest, { sandbox, image }] = this.#awake.entries().next().value as [number, Awake]
    this.#awake.delete(oldest)
    this.#asleep.set(oldest, { image, parked: sandbox.park(image) })
    this.#release(sandbox)
  }

  #take(run: number): Awake | Asleep | undefined {
    const waiting = this.#awake.get(run) ?? this.#asleep.get(run)
    this.#awake.delete(run)
    this.#asleep.delete(run)
    return waiting
  }

  #acquire(image: Image, parked?: Parked): Sandbox {
    const sandbox = this.#idle.pop() ?? new Sandbox(this.#powers)
    if (parked) sandbox.unpark(image, parked)
    else sandbox.restore(image)
    return sandbox
  }

  #release(sandbox: Sandbox): void {
    if (sandbox.isReusable && this.#idle.length < EXECUTOR_LIMITS.idleSandboxes) this.#idle.push(sandbox)
  }
}

/** Starts a definition, or goes on with the continuation that the sandbox was parked at. */
function beginIn(sandbox: Sandbox, began: StopStint['began'], bounds: CallBounds): Reply {
  return began.kind === 'start'
    ? sandbox.call('start', [began.reference, began.args], bounds)
    : sandbox.call('go', [began.json], bounds)
}

/** What came of a call in `sandbox` from which nothing goes on. */
function wentTo(sandbox: Sandbox, reply: Reply): WentOn {
  return { reply, used: sandbox.used, answered: [], left: [] }
}
