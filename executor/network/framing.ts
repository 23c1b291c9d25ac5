// One stream as a channel of frames: a varint length before each (at most 4 bytes, shortest
// form), bounds on what is held, room awaited before more is sent. Trusts nothing that arrives.

import type { Stream } from '@libp2p/interface'
import { LengthPrefixedDecoder } from '@libp2p/utils'
import { Uint8ArrayList } from 'uint8arraylist'
import * as varint from 'uint8-varint'
import { KnownError } from '#codebase'
import { PeerError, reasonOf } from './errors.ts'
import { decodeFrame, encodeFrame, type Frame } from './frames.ts'
import type { NetworkLimits } from './network-limits.ts'

export interface ChannelOptions {
  readonly peerId: string
  readonly limits: NetworkLimits
  /** Takes each frame as it arrives. A PeerError that it throws closes the channel. */
  onFrame(frame: Frame): void
  /** Called once; nothing arrives after it. */
  onClose(error: PeerError): void
}

/** What libp2p delivers in one piece: its read buffer, which it bounds itself. */
const MAX_CHUNK_BYTES = 4 * 1024 * 1024
const MAX_LENGTH_BYTES = 4

/** A stream of frames in both directions. Closed by either side, by a fault, or with its connection. */
export class Channel {
  readonly #stream: Stream
  readonly #options: ChannelOptions
  readonly #decoder: LengthPrefixedDecoder
  #closed: PeerError | undefined
  /** Bytes that have arrived and belong to a frame that has not arrived whole. */
  #unread = 0
  #room: Promise<void> | undefined

  constructor(stream: Stream, options: ChannelOptions) {
    this.#stream = stream
    this.#options = options
    const { maxFrameBytes } = options.limits
    this.#decoder = new LengthPrefixedDecoder({
      maxDataLength: maxFrameBytes,
      maxBufferSize: maxFrameBytes + MAX_CHUNK_BYTES,
      lengthDecoder: (buffer) => this.#length(buffer),
    })
    stream.addEventListener('message', (event) => this.#receive(event.data))
    // Nobody here closes one half only, so the end of the peer's half is the end.
    stream.addEventListener('remoteCloseWrite', () => this.#end())
    stream.addEventListener('close', () => this.#end())
  }

  get isOpen(): boolean {
    return this.#closed === undefined && this.#stream.writeStatus === 'writable'
  }

  /** True while the peer leaves what it was sent unread. */
  get isFull(): boolean {
    return this.#stream.writableNeedsDrain
  }

  /** Resolves when the frame is on its way and there is room for the next. @throws PeerError; KnownError limit `message-too-large` */
  async send(frame: Frame): Promise<void> {
    const body = encodeFrame(frame)
    const { maxFrameBytes } = this.#options.limits
    if (body.length > maxFrameBytes) {
      const message = `Cannot send ${body.length} bytes to ${this.#options.peerId}: expected at most ${maxFrameBytes}`
      throw new KnownError('limit', 'message-too-large', message, {
        hint: 'send less at once, or a reference to it',
      })
    }
    await this.#awaitRoom()
    this.#stream.send(new Uint8ArrayList(varint.encode(body.length), body))
    await this.#awaitRoom()
  }

  /** Ends the channel at once, for the reason given. */
  fail(error: PeerError): void {
    if (this.#closed) return
    this.#closed = error
    this.#stream.abort(error)
    this.#options.onClose(error)
  }

  /** Waits while the stream is full: one wait for all senders, since libp2p's own onDrain() waits only once. */
  async #awaitRoom(): Promise<void> {
    while (this.#closed === undefined && this.#stream.writableNeedsDrain)
      await (this.#room ??= this.#drained())
    if (!this.isOpen) throw this.#closed ?? this.#peerClosed()
  }

  #drained(): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>()
    const { peerId, limits } = this.#options
    const stall = setTimeout(() => {
      const message = `Cannot send to ${peerId}: it read nothing for ${limits.drainMs} ms`
      this.fail(new PeerError('peer-stalled', peerId, message))
    }, limits.drainMs)
    const settle = (): void => {
      clearTimeout(stall)
      this.#stream.removeEventListener('drain', settle)
      this.#stream.removeEventListener('close', settle)
      this.#room = undefined
      resolve()
    }
    this.#stream.addEventListener('drain', settle)
    this.#stream.addEventListener('close', settle)
    return promise
  }

  #receive(chunk: Uint8Array | Uint8ArrayList): void {
    if (this.#closed) return
    try {
      for (const encoded of this.#decoder.decode(chunk)) {
        this.#options.onFrame(this.#decode(encoded.subarray()))
        if (this.#closed) return
      }
    } catch (error) {
      this.fail(error instanceof PeerError ? error : this.#malformed(error))
    }
  }

  #decode(encoded: Uint8Array): Frame {
    try {
      return decodeFrame(encoded, this.#options.limits)
    } catch (error) {
      throw this.#malformed(error)
    }
  }

  /** The length that `buffer` begins with. @throws RangeError when it has not arrived whole: the decoder then waits; PeerError */
  #length(buffer: Uint8ArrayList | Uint8Array): number {
    const { peerId, limits } = this.#options
    this.#unread = buffer.byteLength
    const head = buffer.subarray(0, Math.min(buffer.byteLength, MAX_LENGTH_BYTES))
    const last = head.findIndex((byte) => byte < 0x80)
    if (last < 0 && head.length < MAX_LENGTH_BYTES) throw new RangeError('the length has not arrived yet')
    const length = last < 0 ? Number.POSITIVE_INFINITY : varint.decode(head)
    if (length > limits.maxFrameBytes) {
      const message = `Cannot read from ${peerId}: it announced a frame of more than ${limits.maxFrameBytes} bytes`
      throw new PeerError('frame-too-large', peerId, message)
    }
    if (head[last] === 0)
      throw this.#malformed(new Error('an empty frame, or a length in other than its shortest form'))
    return length
  }

  #malformed(error: unknown): PeerError {
    const { peerId } = this.#options
    return new PeerError('malformed-frame', peerId, `Cannot read from ${peerId}: ${reasonOf(error)}`, error)
  }

  #peerClosed(): PeerError {
    const { peerId } = this.#options
    const where = this.#unread > 0 ? 'in the middle of a frame' : 'before it had answered'
    return new PeerError('peer-closed', peerId, `Cannot hear ${peerId} any more: it closed ${where}`)
  }

  #end(): void {
    this.fail(this.#peerClosed())
  }
}
