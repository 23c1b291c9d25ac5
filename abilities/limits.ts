// Every bound on what a guest may ask of an ability, with its unit. Going beyond one fails
// the operation with the error named; the guest can catch it.

/** Exceeding a bound is a RangeError unless it says otherwise. */
export const ABILITY_LIMITS = Object.freeze({
  /** Longest `Clock.sleep`, in milliseconds: a day. */
  sleepMs: 86_400_000,
  /** Most bytes of one `Random.bytes`. */
  randomBytes: 65_536,
  /** Longest message of a log line, in bytes of UTF-8. */
  logMessageBytes: 8_192,
  /** Attributes of one log line, in bytes of their encoding. */
  logAttributesBytes: 8_192,
  /** Longest key of Store within its scope, in bytes of UTF-8. */
  storeKeyBytes: 512,
  /** Largest value that Store keeps, in bytes of its encoding. */
  storeValueBytes: 1_048_576,
  /** Keys that one `Store.list` answers at most; `after` continues. */
  storeListKeys: 1_000,
  /** Longest URL, in characters. */
  httpUrlLength: 8_192,
  /** Header fields of one request, and bytes of their names and values together. */
  httpRequestHeaders: 64,
  httpRequestHeaderBytes: 16_384,
  /** Body of one request, in bytes. */
  httpRequestBytes: 1_048_576,
  /** Header fields of a response, in bytes, together. Beyond: HttpTooLarge. */
  httpResponseHeaderBytes: 65_536,
  /** Body of a response, in bytes as transferred. Beyond: HttpTooLarge. */
  httpResponseBytes: 4_194_304,
  /** Redirects followed for one fetch. Beyond: HttpFailed. */
  httpRedirects: 5,
  /** Time to connect, to wait for headers, and between two pieces of a body. Beyond: HttpTimeout. */
  httpConnectMs: 10_000,
  httpIdleMs: 30_000,
  /** Time of one fetch, redirects and body included. Beyond: HttpTimeout. */
  httpTotalMs: 60_000,
  /** Characters of a scope, as of `Http=…`. Beyond: a usage error. */
  scopeLength: 4_096,
})
