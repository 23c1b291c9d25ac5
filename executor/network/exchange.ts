// Questions and answers over one channel: many at once, told apart by the id that whoever
// asks gives to each. A question ends with its last answer, with a refusal, with `cancel`,
// or with the channel.

import type { Stream } from '@libp2p/interface'
import { KnownError } from '#codebase'
import { PeerError } from './errors.ts'
import type { Frame, Message } from './frames.ts'
import { Channel } from './framing.ts'
import type { NetworkLimits } from './network-limits.ts'

export interface ChannelEnd {
  readonly peerId: string
  readonly limits: NetworkLimits
  /** Told of each fault of the channel, hostile or not. */
  onFault(error: PeerError): void
}

/** How one question is asked. */
export interface Question<T> {
  readonly message: Message<'want' | 'run'>
  /** Takes each answer but a refusal; what it returns other than undefined, or throws, ends the exchange. A hostile PeerError ends the channel too. */
  receive(answer: Frame): T | undefined
  readonly signal: AbortSignal | undefined
  /** Longest time between the question and the first answer, and from one answer to the next; undefined: for ever. */
  silenceMs(): number | undefined
}

interface Waiting {
  receive(answer: Frame): void
  reject(error: unknown): void
}

/** The end of a channel that asks. */
export class Asker {
  readonly #channel: Channel
  readonly #end: ChannelEnd
  readonly #waiting = new Map<number, Waiting>()
  #lastId = 0

  constructor(stream: Stream, end: ChannelEnd) {
    this.#end = end
    this.#channel = new Channel(stream, {
      ...end,
      // An answer to a question that was given up may still be under way: no fault.
      onFrame: (frame) => this.#waiting.get(frame.id)?.receive(frame),
      onClose: (error) => {
        end.onFault(error)
        for (const waiting of this.#waiting.values()) waiting.reject(error)
      },
    })
  }

  get isOpen(): boolean {
    return this.#channel.isOpen
  }

  /** @throws PeerError; KnownError as the peer refuses; the signal's reason */
  async ask<T>(question: Question<T>): Promise<T> {
    const { signal } = question
    signal?.throwIfAborted()
    const id = ++this.#lastId
    const answer = Promise.withResolvers<T>()
    answer.promise.catch(() => {})
    const silence = this.#watchSilence(question, answer.reject)
    const cancel = (): void => answer.reject(signal?.reason)
    signal?.addEventListener('abort', cancel, { once: true })
    let isOver = false
    this.#waiting.set(id, {
      reject: answer.reject,
      receive: (frame) => {
        silence.restart()
        try {
          isOver = frame.type === 'refused'
          if (frame.type === 'refused') throw new KnownError(frame.group, frame.code, frame.message)
          const result = question.receive(frame)
          if (result === undefined) return
          isOver = true
          answer.resolve(result)
        } catch (error) {
          answer.reject(error)
          if (error instanceof PeerError && error.isHostile) throw error
        }
      },
    })
    try {
      await Promise.race([this.#channel.send({ ...question.message, id } as Frame), answer.promise])
      return await answer.promise
    } finally {
      silence.stop()
      this.#waiting.delete(id)
      signal?.removeEventListener('abort', cancel)
      if (!isOver && this.#channel.isOpen) this.#channel.send({ type: 'cancel', id }).catch(() => {})
    }
  }

  #watchSilence(
    question: Question<unknown>,
    reject: (error: PeerError) => void,
  ): { restart(): void; stop(): void } {
    let timer: NodeJS.Timeout | undefined
    const stop = (): void => clearTimeout(timer)
    const restart = (): void => {
      stop()
      const ms = question.silenceMs()
      if (ms === undefined) return
      const { peerId } = this.#end
      timer = setTimeout(
        () =>
          reject(
            new PeerError(
              'peer-stalled',
              peerId,
              `Cannot hear ${peerId} any more: it sent nothing for ${ms} ms`,
            ),
          ),
        ms,
      )
    }
    restart()
    return { restart, stop }
  }
}

/** One question, as the side that answers sees it. */
export interface Exchange {
  readonly peerId: string
  /** Aborts when the asker cancels or goes. */
  readonly signal: AbortSignal
  /** Resolves when there is room for the next answer. @throws PeerError; the signal's reason */
  send(message: Message): Promise<void>
  /** Resolves when the last answer, be it a refusal, is on its way. Never rejects. */
  readonly settled: Promise<void>
}

/** Refusals that may wait for a peer to read, for each question that it may have open. A peer that asks on without reading is dropped. */
const UNREAD_REFUSALS = 8

/** Answers each question asked on `stream` until it closes; more than `maxOpen` at once are refused. */
export function answerOn(
  stream: Stream,
  end: ChannelEnd,
  answering: { readonly maxOpen: number; answer(question: Frame, exchange: Exchange): Promise<void> },
): void {
  const open = new Map<number, AbortController>()
  let unsettled = 0
  const channel = new Channel(stream, {
    ...end,
    onFrame(frame) {
      if (frame.type === 'cancel') return open.get(frame.id)?.abort(cancelled())
      if (open.has(frame.id)) throw overstepped(`it asked twice under the id ${frame.id}`)
      if (unsettled > answering.maxOpen * UNREAD_REFUSALS)
        throw overstepped('it asks without reading the answers')
      void respond(frame)
    },
    onClose(error) {
      end.onFault(error)
      for (const controller of open.values()) controller.abort(error)
    },
  })

  function overstepped(how: string): PeerError {
    return new PeerError('malformed-frame', end.peerId, `Cannot answer ${end.peerId}: ${how}`)
  }

  async function respond(question: Frame): Promise<void> {
    const { id } = question
    const controller = new AbortController()
    const settled = Promise.withResolvers<void>()
    const send = (message: Message): Promise<void> => channel.send({ ...message, id } as Frame)
    const sendUnlessCancelled = async (message: Message): Promise<void> => {
      controller.signal.throwIfAborted()
      await send(message)
    }
    unsettled++
    try {
      if (open.size >= answering.maxOpen) throw busy(answering.maxOpen)
      open.set(id, controller)
      await answering.answer(question, {
        peerId: end.peerId,
        signal: controller.signal,
        send: sendUnlessCancelled,
        settled: settled.promise,
      })
    } catch (error) {
      if (error instanceof PeerError && error.isHostile && error.peer === end.peerId) channel.fail(error)
      if (channel.isOpen && !controller.signal.aborted) await send(refusalOf(error)).catch(() => {})
    } finally {
      if (open.get(id) === controller) open.delete(id)
      unsettled--
      settled.resolve()
    }
  }
}

/** The refusal of one question too many. */
export function busy(limit: number): KnownError {
  return new KnownError('network', 'busy', `Cannot take the request: ${limit} are under way, expected fewer`)
}

function cancelled(): KnownError {
  return new KnownError('network', 'cancelled', 'Cannot finish: whoever asked has cancelled')
}

/** Failures of this machine: their messages name its folders, which are nobody else's business. */
const OF_THIS_MACHINE: ReadonlySet<string> = new Set([
  'storage',
  'codebase-locked',
  'codebase-version',
  'no-codebase',
])

/** Code and message of a failure that its cause may know; of any other only that there was one. */
function refusalOf(error: unknown): Message<'refused'> {
  if (error instanceof KnownError && error.group !== 'function' && !OF_THIS_MACHINE.has(error.code)) {
    return { type: 'refused', group: error.group, code: error.code, message: error.message }
  }
  const message = 'Cannot answer: the node failed, expected it not to'
  return { type: 'refused', group: 'network', code: 'node-failed', message }
}
