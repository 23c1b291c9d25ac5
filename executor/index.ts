// What the executor offers the folders to its right: re-exports only.

export { checkArguments } from './arguments.ts'
export { EVERYTHING } from './authority.ts'
export { engineId } from './engine-id.ts'
export { Executor, type ExecutorPowers } from './executor.ts'
export {
  attenuateGrant,
  type GrantAuthority,
  type GrantTerms,
  type GrantUse,
  makeGrant,
  verifyGrant,
} from './grant.ts'
export { generateIdentity, type Identity, loadIdentity, verifySignature } from './identity.ts'
export { DEFAULT_LIMITS, type LimitName, type Limits, MAXIMUM_LIMITS } from './limits.ts'
export type { MemoStatistics } from './memo.ts'
export type { Isolation } from './pool.ts'
export { PeerError, type PeerFailure } from './network/errors.ts'
export { runRemotely, serveNode, startNode } from './network/lazy.ts'
export { NETWORK_LIMITS, type NetworkLimits } from './network/network-limits.ts'
export type { NetworkNode, NodeOptions } from './network/node.ts'
export type { Peer } from './network/peer.ts'
export type { RemoteRun, ServedNode, ServeOptions } from './network/remote.ts'
export type { RemoteRequest } from './network/run-messages.ts'
export type { CodeState, Fetched, Progress, RemoteResult } from './network/run-protocol.ts'
export {
  type ExpectedReceipt,
  makeReceipt,
  type Receipt,
  type Signer,
  type VerifySignature,
  verifyReceipt,
} from './receipt.ts'
export { decodeRunRecord, encodeRunRecord, type Replayed, type ReplayRequest } from './replay.ts'
export type {
  Failure,
  FailureCause,
  Frame,
  MemoStore,
  Outcome,
  RunOptions,
  RunRecord,
  RunRequest,
  RunResult,
} from './run.ts'
