// Eight classic kernels, each a function that needs nothing from outside and gives a number to hold
// engines against each other. Their texts run in every engine.

export const KERNELS = {
  fib: () => {
    const fib = (n) => (n < 2 ? n : fib(n - 1) + fib(n - 2))
    return fib(22)
  },

  nbody: () => {
    const body = (x, y, z, vx, vy, vz, mass) => ({ x, y, z, vx, vy, vz, mass })
    const bodies = [
      body(0, 0, 0, 0, 0, 0, 39.47),
      body(4.84, -1.16, -0.1, 0.6, 2.81, -0.02, 0.037),
      body(8.34, 4.12, -0.4, -1.01, 1.82, 0.008, 0.011),
      body(12.89, -15.11, -0.22, 1.08, 0.86, -0.01, 0.0017),
      body(15.37, -25.91, 0.17, 0.97, 0.59, -0.03, 0.002),
    ]
    for (let step = 0; step < 1500; step++) {
      for (let i = 0; i < bodies.length; i++) {
        const a = bodies[i]
        for (let j = i + 1; j < bodies.length; j++) {
          const b = bodies[j]
          const [dx, dy, dz] = [a.x - b.x, a.y - b.y, a.z - b.z]
          const distance = dx * dx + dy * dy + dz * dz
          const magnitude = 0.01 / (distance * Math.sqrt(distance))
          a.vx -= dx * b.mass * magnitude
          a.vy -= dy * b.mass * magnitude
          a.vz -= dz * b.mass * magnitude
          b.vx += dx * a.mass * magnitude
          b.vy += dy * a.mass * magnitude
          b.vz += dz * a.mass * magnitude
        }
      }
      for (const each of bodies) {
        each.x += 0.01 * each.vx
        each.y += 0.01 * each.vy
        each.z += 0.01 * each.vz
      }
    }
    return bodies[0].x
  },

  'spectral-norm': () => {
    const n = 60
    const a = (i, j) => 1 / (((i + j) * (i + j + 1)) / 2 + i + 1)
    const times = (v, isTransposed) =>
      v.map((_, i) => v.reduce((sum, x, j) => sum + (isTransposed ? a(j, i) : a(i, j)) * x, 0))
    let u = Array.from({ length: n }, () => 1)
    let v = u
    for (let round = 0; round < 8; round++) {
      v = times(times(u, false), true)
      u = times(times(v, false), true)
    }
    const dot = (x, y) => x.reduce((sum, each, i) => sum + each * y[i], 0)
    return Math.sqrt(dot(u, v) / dot(v, v))
  },

  richards: () => {
    class Task {
      constructor(id, priority, run) {
        this.id = id
        this.priority = priority
        this.run = run
        this.queue = []
        this.isHeld = false
      }
    }
    class Scheduler {
      constructor() {
        this.tasks = []
        this.holds = 0
        this.sent = 0
      }
      add(id, priority, run) {
        this.tasks.push(new Task(id, priority, run))
        this.tasks.sort((a, b) => b.priority - a.priority)
      }
      send(id, packet) {
        this.sent++
        const task = this.tasks.find((each) => each.id === id)
        task.queue.push(packet)
        task.isHeld = false
      }
      next() {
        return this.tasks.find((task) => !task.isHeld && task.queue.length > 0)
      }
    }
    const scheduler = new Scheduler()
    const handle = (self, packet) => {
      if (packet.left === 0) {
        self.isHeld = true
        scheduler.holds++
        return
      }
      scheduler.send((self.id * 7 + packet.left) % 5, { kind: packet.kind ^ 1, left: packet.left - 1 })
    }
    for (let id = 0; id < 5; id++) scheduler.add(id, id * 10, handle)
    for (let seed = 0; seed < 12; seed++) scheduler.send(seed % 5, { kind: seed & 1, left: 700 })
    for (let task = scheduler.next(); task; task = scheduler.next()) task.run(task, task.queue.shift())
    return scheduler.sent * 1000 + scheduler.holds
  },

  regex: () => {
    let text = ''
    for (let i = 0; i < 1500; i++) text += `user${i}@mail${i % 7}.example.org, +49 ${1000 + i} 55${i % 10}; `
    const mails = text.match(/[a-z]+\d+@[a-z]+\d\.(?:[a-z]+\.)+[a-z]{2,3}/g)
    const phones = [...text.matchAll(/\+(\d{2}) (?<area>\d{4}) (\d+)/g)]
    const swapped = text.replace(/(\w+)@(\w+)/g, '$2 at $1')
    return mails.length * 1e6 + phones.length + swapped.length
  },

  JSON: () => {
    const rows = Array.from({ length: 600 }, (_, id) => ({
      id,
      name: `row ${id}`,
      tags: ['a', 'b', `${id}`],
      x: id / 3,
      nested: { isNew: id % 2 === 0 },
    }))
    let text = JSON.stringify(rows)
    for (let round = 0; round < 5; round++) text = JSON.stringify(JSON.parse(text))
    return text.length
  },

  sort: () => {
    let seed = 42
    const next = () => {
      seed = (seed * 1103515245 + 12345) % 2147483648
      return seed
    }
    const numbers = Array.from({ length: 12000 }, next)
    numbers.sort((a, b) => a - b)
    const words = numbers
      .slice(0, 3000)
      .map((x) => `w${(x * 7919) % 100003}`)
      .sort()
    return numbers[6000] + words[1500].length
  },

  'sha-256': () => {
    const k = []
    const h = []
    const isPrime = (n) => {
      for (let d = 2; d * d <= n; d++) if (n % d === 0) return false
      return true
    }
    const fraction = (x) => ((x - Math.floor(x)) * 4294967296) | 0
    for (let n = 2; k.length < 64; n++) {
      if (!isPrime(n)) continue
      if (h.length < 8) h.push(fraction(Math.sqrt(n)))
      k.push(fraction(Math.cbrt(n)))
    }
    const rotate = (x, by) => (x >>> by) | (x << (32 - by))
    const block = (state, w) => {
      for (let i = 16; i < 64; i++) {
        const [x, y] = [w[i - 15], w[i - 2]]
        const s0 = rotate(x, 7) ^ rotate(x, 18) ^ (x >>> 3)
        const s1 = rotate(y, 17) ^ rotate(y, 19) ^ (y >>> 10)
        w[i] = (w[i - 16] + s0 + w[i - 7] + s1) | 0
      }
      let [a, b, c, d, e, f, g, last] = state
      for (let i = 0; i < 64; i++) {
        const s1 = rotate(e, 6) ^ rotate(e, 11) ^ rotate(e, 25)
        const t1 = (last + s1 + ((e & f) ^ (~e & g)) + k[i] + w[i]) | 0
        const s0 = rotate(a, 2) ^ rotate(a, 13) ^ rotate(a, 22)
        const t2 = (s0 + ((a & b) ^ (a & c) ^ (b & c))) | 0
        ;[last, g, f, e, d, c, b, a] = [g, f, e, (d + t1) | 0, c, b, a, (t1 + t2) | 0]
      }
      return [a, b, c, d, e, f, g, last].map((x, i) => (x + state[i]) | 0)
    }
    let state = h
    for (let at = 0; at < 150; at++)
      state = block(
        state,
        Array.from({ length: 64 }, (_, i) => (at * 2654435761 + i * 40503) | 0),
      )
    return state[0] >>> 0
  },
}
